import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openTestStore } from '../test/open-test-store.ts';
import { getTableColumns, getTableName, is, SQLiteTable } from './drizzle.ts';
import * as schema from './schema.ts';

interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable));

test.each(tables.map((table) => [getTableName(table), table] as const))(
  'drizzle sees the columns of %s as the migrations make them',
  (name, table) => {
    const client = new Database(openTestStore().path, { readonly: true });
    const info = client.prepare<[], ColumnInfo>(`SELECT * FROM pragma_table_info('${name}')`).all();
    client.close();
    const real = info.map((column) => ({
      name: column.name,
      type: column.type.toLowerCase(),
      required: column.notnull === 1 || column.pk > 0,
    }));
    const seen = Object.values(getTableColumns(table)).map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      required: column.notNull || column.primary,
    }));
    expect(seen).toEqual(real);
  },
);

test('drizzle knows every table', () => {
  const client = new Database(openTestStore().path, { readonly: true });
  const real = client
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
  client.close();
  expect(tables.map((table) => getTableName(table)).sort()).toEqual(real.sort());
});
