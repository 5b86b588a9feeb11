import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { hotkeysOn, useHotkeys } from "./hotkeys";

const act = vi.fn();
function Page({ dialog = false }) {
  useHotkeys({ j: act });
  return (
    <>
      <textarea aria-label="reply" />
      {dialog && <div role="dialog" />}
    </>
  );
}
afterEach(() => {
  act.mockReset();
  hotkeysOn.set(true);
});

test("a key does its work", async () => {
  render(<Page />);

  await userEvent.keyboard("j");

  expect(act).toHaveBeenCalledTimes(1);
});

test("keys sleep while somebody writes, holds Ctrl, or has a dialog open", async () => {
  const { container, rerender } = render(<Page />);

  await userEvent.keyboard("{Control>}j{/Control}");
  await userEvent.type(container.querySelector("textarea") as HTMLElement, "j");
  (document.activeElement as HTMLElement).blur();
  rerender(<Page dialog />);
  await userEvent.keyboard("j");

  expect(act).not.toHaveBeenCalled();
});

test("keys can be switched off", async () => {
  render(<Page />);

  hotkeysOn.set(false);
  await userEvent.keyboard("j");

  expect(act).not.toHaveBeenCalled();
});
