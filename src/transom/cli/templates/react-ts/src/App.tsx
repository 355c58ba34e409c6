import { invoke } from "@tauri-apps/api/core";
import { type FormEvent, useState } from "react";

export function App() {
  const [name, setName] = useState("");
  const [answer, setAnswer] = useState("");

  async function greet(event: FormEvent) {
    event.preventDefault();
    try {
      setAnswer(await invoke<string>("greet", { name }));
    } catch (error) {
      setAnswer(String(error));
    }
  }

  return (
    <main>
      <h1>{{title}}</h1>
      <form onSubmit={greet}>
        <label>
          Name <input id="name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <button>Greet</button>
      </form>
      <output id="answer">{answer}</output>
    </main>
  );
}
