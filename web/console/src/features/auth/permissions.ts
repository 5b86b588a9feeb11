/** What the signed-in agent may do; whatever is not listed is hidden, and the server refuses it anyway. */
import type { Me } from "../../api/types";

/** A right, by its name on the wire. */
export type Permission =
  | "own_profile"
  | "read_conversations"
  | "write_conversations"
  | "read_directory"
  | "write_contacts"
  | "write_library"
  | "supervise"
  | "administer"
  | "integrate"
  | "train";

/** Tells whether the agent has a right. */
export function may(me: Pick<Me, "permissions">, permission: Permission): boolean {
  return (me.permissions as string[]).includes(permission);
}
