// The search for files with the same content.

import { duplicates, explain, type Copies, type DuplicatesEvent, type DuplicatesSummary } from "./api";
import { element } from "./element";
import { bytes, count, counted } from "./format";

const MOST = 300;

export class DuplicateSearch {
  readonly root = element("div", { class: "duplicates" });
  private place: { scanId: number; nodeId: number; name: string } | null = null;
  private control: AbortController | null = null;
  private total = 0;
  private groups = 0;
  private wasted = 0;
  private readonly words = element("p", { class: "quiet", aria: { live: "polite" } });
  private readonly bar = element("progress", { max: 1, value: 0, hidden: true });
  private readonly button = element("button", { type: "button" });
  private readonly found = element("ol", { class: "groups" });

  constructor(private readonly choose: (scanId: number, nodeId: number) => void) {
    this.button.addEventListener("click", () => (this.control ? this.cancel() : void this.search()));
    this.root.append(element("div", { class: "controls" }, this.button, this.words), this.bar, this.found);
    this.found.addEventListener("click", (event) => {
      const row = (event.target as Element).closest<HTMLElement>("[data-node]");
      if (row) this.choose(Number(row.dataset["scan"]), Number(row.dataset["node"]));
    });
    this.rest();
  }

  /** Say which folder a search would be in. A search that runs goes on. */
  at(place: { scanId: number; nodeId: number; name: string } | null): void {
    this.place = place;
    if (!this.control) this.rest();
  }

  /** Stop the search, if one runs. */
  cancel(): void {
    this.control?.abort();
  }

  /** Forget what was found in a scan that is closed. */
  forget(): void {
    this.cancel();
    this.found.replaceChildren();
    this.words.textContent = "";
  }

  private rest(): void {
    this.button.textContent = this.place ? `Find duplicates in “${this.place.name}”` : "Find duplicates";
    this.button.disabled = !this.place;
    this.bar.hidden = true;
  }

  private async search(): Promise<void> {
    if (!this.place) return;
    const control = new AbortController();
    this.control = control;
    this.found.replaceChildren();
    this.groups = this.wasted = 0;
    this.button.textContent = "Cancel";
    this.words.textContent = "Comparing sizes…";
    try {
      const { scanId, nodeId } = this.place;
      const told = (event: DuplicatesEvent) => this.control === control && this.tell(event);
      this.finish(await duplicates(scanId, nodeId, told, control.signal));
    } catch (error) {
      this.words.textContent = control.signal.aborted ? `Stopped. ${this.summary()}` : explain(error);
    } finally {
      this.control = null;
      this.rest();
    }
  }

  private tell(event: DuplicatesEvent): void {
    if (event.type === "started") {
      this.total = event.files;
      this.bar.hidden = event.files === 0;
      this.bar.value = 0;
    } else if (event.type === "found") {
      this.bar.value = this.total ? event.done / this.total : 1;
      for (const group of event.groups) this.add(group);
      this.words.textContent = `${count(event.done)} of ${counted(this.total, "file")} compared. ${this.summary()}`;
    }
  }

  private add(group: Copies): void {
    this.groups += 1;
    this.wasted += group.size * (group.count - 1);
    if (this.groups > MOST) return;
    const head = element(
      "summary",
      {},
      element("bdi", { class: "name" }, group.files[0]?.name ?? ""),
      element("span", { class: "times" }, `${group.count} ×`),
      element("span", { class: "size" }, bytes(group.size)),
    );
    const files = group.files.map((file) =>
      element(
        "button",
        { type: "button", data: { scan: String(file.scanId), node: String(file.nodeId) } },
        element("bdi", {}, file.folder ? `${file.folder}/${file.name}` : file.name),
      ),
    );
    const more = group.count - group.files.length;
    this.found.append(
      element("li", {}, element("details", {}, head, ...files, more > 0 && element("p", { class: "quiet" }, `and ${count(more)} more`))),
    );
  }

  private summary(): string {
    if (this.groups === 0) return "No duplicates so far.";
    const shown = this.groups > MOST ? ` The ${MOST} largest are listed.` : "";
    return `${counted(this.groups, "group")}, ${bytes(this.wasted)} could be freed.${shown}`;
  }

  private finish(summary: DuplicatesSummary): void {
    const failed = summary.unreadable ? ` ${counted(summary.unreadable, "file")} could not be read.` : "";
    this.words.textContent = (summary.groups ? this.summary() : "No two files have the same content.") + failed;
  }
}
