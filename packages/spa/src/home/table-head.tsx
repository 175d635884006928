/** The list's head: what each column is, and two orders. */
import { Icon } from '../components/icon.tsx';
import type { ListQuery } from '../live/list-query.ts';

type Sort = ListQuery['sort'];

export function TableHead({ sort, onSort }: { readonly sort: Sort; readonly onSort: (sort: Sort) => void }) {
  return (
    // biome-ignore lint/a11y/noRedundantRoles: `display: grid` takes a row's role away
    <thead role="rowgroup">
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tr role="row" aria-rowindex={1}>
        <th scope="col" aria-sort={sort === 'name' ? 'ascending' : undefined}>
          <SortButton label="Workspace" isOn={sort === 'name'} isUp onPress={() => onSort('name')} />
        </th>
        <th scope="col" className="cell-image">
          Image
        </th>
        <th scope="col">Ports</th>
        <th scope="col">CPU</th>
        <th scope="col">Memory</th>
        <th
          scope="col"
          className="cell-last"
          aria-sort={sort === 'name' ? undefined : sort === 'lastUsed' ? 'ascending' : 'descending'}
        >
          <SortButton
            label="Last used"
            isOn={sort !== 'name'}
            isUp={sort === 'lastUsed'}
            onPress={() => onSort(sort === '-lastUsed' ? 'lastUsed' : '-lastUsed')}
          />
        </th>
        <th scope="col">
          <span className="sr">Action</span>
        </th>
        <th scope="col">
          <span className="sr">More</span>
        </th>
      </tr>
    </thead>
  );
}

interface SortButtonProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly isUp?: boolean;
  readonly onPress: () => void;
}

function SortButton({ label, isOn, isUp = false, onPress }: SortButtonProps) {
  return (
    <button type="button" className="sort" data-up={isUp || undefined} onClick={onPress}>
      {label}
      {isOn && <Icon name="arrow" />}
    </button>
  );
}
