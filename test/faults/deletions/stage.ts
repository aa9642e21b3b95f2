import type { Connector, ObjectPath } from '../../../src/connectors/connector.ts';
import { toPlace } from '../../../src/harvest/object-path.ts';
import type { EntityType } from '../../../src/model/entity.ts';
import type { Random } from '../random.ts';

/** A source whose content is known, and that can be made to fail. */
export interface Stage {
  name: string;
  databaseType: string;
  config: Record<string, unknown>;
  fileRoots: string[];
  /** Waits until no other stage is at work on the same server; gives what ends that. */
  alone?(): Promise<() => Promise<void>>;
  /** Puts random content in place of what was there. */
  fill(random: Random): Promise<void>;
  /** Removes some of it and adds some. */
  change(random: Random): Promise<void>;
  /** Keys of everything that is there now (see `keyOf`). */
  truth(): Promise<Set<string>>;
  /** The source as it is. */
  connector(): Promise<Connector>;
  faults: readonly FaultMaker[];
  close(): Promise<void>;
}

export interface FaultMaker {
  kind: string;
  /** Prepares the fault; it strikes while the connector that comes with it is used. */
  arm(connector: Connector, random: Random): Promise<Fault>;
}

export interface Fault {
  connector: Connector;
  /** How often it struck. */
  struck(): number;
  /** Struck at every attempt, so that a job that says COMPLETED lies. */
  mustFail: boolean;
  /** Takes the fault away. What it removed for good stays removed. */
  heal(): Promise<void>;
}

/** How an entity and an object of the source are told to be the same. */
export const keyOf = (type: EntityType, path: ObjectPath): string => `${type} ${toPlace(path)}`;
