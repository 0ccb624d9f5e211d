// A field of a form whose text outlives a reload, a lost line and an ended session.
import { drafts } from './prefs';

export class Draft {
  #value = $state('');
  constructor(readonly name: string, private readonly first = '') {
    this.#value = drafts.get(name) || first;
  }
  get value(): string {
    return this.#value;
  }
  set value(next: string) {
    this.#value = next;
    drafts.set(this.name, next === this.first ? '' : next);
  }
  clear(): void {
    this.value = this.first;
  }
}
