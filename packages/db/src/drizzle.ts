/**
 * What is used of drizzle, loaded as CommonJS; nothing else here imports it. Its package.json has 179 kB of `exports`, and
 * Node parses them anew for each of its hundred ES modules: more than half a second of every process that opens a database.
 */
import { createRequire } from 'node:module';
import type * as Orm from 'drizzle-orm';
import type * as Driver from 'drizzle-orm/better-sqlite3';
import type * as Core from 'drizzle-orm/sqlite-core';

const load = createRequire(import.meta.url);
const orm: typeof Orm = load('drizzle-orm');
const driver: typeof Driver = load('drizzle-orm/better-sqlite3');
const core: typeof Core = load('drizzle-orm/sqlite-core');

export const { and, asc, count, desc, eq, gt, gte, inArray, isNull, lt, lte, ne, not, or, sql } = orm;
export const { getTableColumns, getTableName, is } = orm;
export const { drizzle } = driver;
export const { blob, integer, primaryKey, real, sqliteTable, SQLiteTable, text } = core;

export type Placeholder = Orm.Placeholder;
export type SQL<T = unknown> = Orm.SQL<T>;
export type SQLiteColumn = Core.SQLiteColumn;
export type SQLiteTable = Core.SQLiteTable;
export type BetterSQLite3Database = Driver.BetterSQLite3Database;
