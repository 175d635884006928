// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ActionButton } from './action-button.tsx';

afterEach(cleanup);

test('a button that cannot be pressed says why, stays in reach and does nothing', () => {
  let pressed = 0;
  render(
    <ActionButton why="It is stopped." onClick={() => (pressed += 1)}>
      Stop
    </ActionButton>,
  );
  const button = screen.getByRole('button', { name: 'Stop' });
  fireEvent.click(button);
  expect(pressed).toBe(0);
  expect(button.hasAttribute('disabled')).toBe(false);
  const described = document.getElementById(button.getAttribute('aria-describedby') ?? '');
  expect(described?.textContent).toBe('It is stopped.');
});

test('while an answer is awaited a second press does nothing', () => {
  let pressed = 0;
  const press = () => {
    pressed += 1;
  };
  const { rerender } = render(<ActionButton onClick={press}>Start</ActionButton>);
  fireEvent.click(screen.getByRole('button'));
  rerender(
    <ActionButton onClick={press} isPending>
      Start
    </ActionButton>,
  );
  fireEvent.click(screen.getByRole('button'));
  expect(pressed).toBe(1);
});
