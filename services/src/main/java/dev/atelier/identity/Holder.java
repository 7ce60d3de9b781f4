package dev.atelier.identity;

/** Who can hold policies. */
public sealed interface Holder permits User, Group, Role {
  /** The key of the holder's policies. */
  Principal principal();

  /** The unique id, which no other entity ever had. */
  String id();

  /** Begins and ends with a slash. */
  String path();
}
