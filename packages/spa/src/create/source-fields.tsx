/** The Git repository to begin with, where one is wanted. */
import { Field } from '../components/field.tsx';

export interface SourceFieldsProps {
  readonly git: string;
  readonly branch: string;
  readonly gitError: string | undefined;
  readonly branchError: string | undefined;
  readonly onGit: (git: string) => void;
  readonly onBranch: (branch: string) => void;
}

export function SourceFields({ git, branch, gitError, branchError, onGit, onBranch }: SourceFieldsProps) {
  return (
    <div className="source-fields">
      <Field
        label="Start from a Git repository"
        isOptional
        className="mono"
        type="text"
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={600}
        placeholder="https://example.org/team/project.git"
        value={git}
        onChange={(event) => onGit(event.target.value)}
        error={isOnlyBegun(git) ? undefined : gitError}
        help={
          git.trim() === ''
            ? 'Leave it empty to begin with an empty project folder.'
            : 'Cloned once into the empty project folder. Where that fails, the workspace can be used all the same.'
        }
      />
      <Field
        label="Branch or tag"
        className="mono"
        type="text"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={200}
        placeholder="its default"
        value={branch}
        onChange={(event) => onBranch(event.target.value)}
        error={branchError}
      />
    </div>
  );
}

/** Whoever types `http` is on the way to an address: nothing is wrong with it yet. */
function isOnlyBegun(git: string): boolean {
  return git !== '' && 'https://'.startsWith(git.toLowerCase());
}
