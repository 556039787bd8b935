// Every option: https://jsr.io/@lv/sidecar
const run = [".venv/bin/python", "-m", "litestar", "--app", "app:app", "run", "--port", "{port}"];

export default ({ command }/*+: { command: string }*/) => ({
  // In development Litestar shows its errors, and starts anew when its sources change.
  backendCommand: command === "dev" ? [...run, "--debug", "--reload"] : run,__OPTIONS__
});
