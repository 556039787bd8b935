import { Head, Link, useForm } from "@inertiajs/react";
import type { FormEvent } from "react";
import type { ContactInput } from "../../../pages.ts";
import type { PropsOf } from "../../inertia.ts";

const FIELDS = [
  { name: "name", label: "Name", type: "text", autoComplete: "name" },
  { name: "email", label: "E-mail", type: "text", autoComplete: "email" },
  { name: "phone", label: "Phone", type: "tel", autoComplete: "tel" },
  {
    name: "company",
    label: "Company",
    type: "text",
    autoComplete: "organization",
  },
  { name: "city", label: "City", type: "text", autoComplete: "address-level2" },
] as const;

const NOBODY: ContactInput = {
  name: "",
  email: "",
  phone: "",
  company: "",
  city: "",
  note: "",
};

export default function Form({ contact }: PropsOf<"Contacts/Form">) {
  const { name, email, phone, company, city, note } = contact ?? NOBODY;
  const url = contact === null ? "/contacts" : `/contacts/${contact.id}`;
  const method = contact === null ? "post" : "put";
  // The form knows where it goes, so that a field can be validated ahead of the submit.
  const form = useForm(method, url, {
    name,
    email,
    phone,
    company,
    city,
    note,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    form.submit();
  };
  return (
    <form className="card narrow form" onSubmit={submit} noValidate>
      <Head title={contact === null ? "New contact" : `Edit ${contact.name}`} />
      <h1>{contact === null ? "New contact" : contact.name}</h1>
      {FIELDS.map(({ name, label, ...input }) => (
        <label key={name}>
          {label}
          <input
            {...input}
            name={name}
            value={form.data[name]}
            aria-invalid={form.invalid(name)}
            onChange={({ target }) => form.setData(name, target.value)}
            onBlur={() => form.validate(name)}
          />
          <small className="error">{form.errors[name]}</small>
        </label>
      ))}
      <label>
        Note
        <textarea
          name="note"
          rows={4}
          value={form.data.note}
          onChange={({ target }) => form.setData("note", target.value)}
        />
        <small className="error">{form.errors.note}</small>
      </label>
      <footer className="actions">
        <button type="submit" disabled={form.processing}>Save</button>
        <Link href={contact === null ? "/" : url} className="button quiet">
          Cancel
        </Link>
      </footer>
    </form>
  );
}
