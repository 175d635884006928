/** Whether it is the second click of a double one: what the first one has opened or replaced is not meant by it. */
export function isSecondClick(event: Event): boolean {
  return event instanceof MouseEvent && event.detail > 1;
}
