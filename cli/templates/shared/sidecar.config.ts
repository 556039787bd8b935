// Every option: https://jsr.io/@lv/sidecar
export default __CONFIG__;
