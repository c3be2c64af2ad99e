import { DefaultNamingStrategy, type Table } from 'typeorm';

/** snake_case for tables and columns; constraints are `<table>_<columns>_<pk|fk|uq|ix>`. */
export class SnakeCase extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return given ?? snake(className);
  }
  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    return [...prefixes, given ?? property].map(snake).join('_');
  }
  override primaryKeyName(table: Table | string): string {
    return `${short(table)}_pk`;
  }
  override foreignKeyName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_fk`;
  }
  override uniqueConstraintName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_uq`;
  }
  override indexName(table: Table | string, columns: string[]): string {
    return `${short(table)}_${columns.join('_')}_ix`;
  }
}

function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** The table's name without its schema. */
function short(table: Table | string): string {
  const name = typeof table === 'string' ? table : table.name;
  return name.slice(name.lastIndexOf('.') + 1);
}
