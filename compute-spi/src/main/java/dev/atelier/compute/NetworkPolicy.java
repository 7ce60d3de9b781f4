package dev.atelier.compute;

/** What a workload may reach beside its own hosts. */
public enum NetworkPolicy {
  /** Nothing: no network, no Atelier API, no credentials. */
  ISOLATED,
  /** Atelier's API and, as far as the server's egress setting allows, other hosts through a proxy. */
  PLATFORM
}
