package dev.atelier.kernel;

import java.util.List;

/** Who signed a request. Policies are looked up by identity; ARNs of it are rendered in the caller's partition. */
public sealed interface Identity {

  /**
   * The account's root user: everything that no explicit deny forbids.
   *
   * @param sessionPolicies what bounds a session of it; empty for the root user without bounds
   */
  record Root(List<String> sessionPolicies) implements Identity {
    public Root() {
      this(List.of());
    }
  }

  /** An IAM user; {@code path} begins and ends with a slash. */
  record User(String name, String path, String id) implements Identity {}

  /**
   * A session of an IAM role.
   *
   * @param sessionPolicies policy documents passed to AssumeRole, each of which must allow as well
   */
  record AssumedRole(String role, String path, String roleId, String session, List<String> sessionPolicies)
      implements Identity {
    public AssumedRole {
      sessionPolicies = List.copyOf(sessionPolicies);
    }
  }

  /** A session of GetFederationToken: a user's rights, cut down by the session policies. */
  record Federated(User user, String name, List<String> sessionPolicies) implements Identity {
    public Federated {
      sessionPolicies = List.copyOf(sessionPolicies);
    }
  }

  /** An AWS service acting for an account, such as {@code sagemaker.amazonaws.com} when it assumes a job's role. */
  record Service(String principal) implements Identity {}

  /** An unsigned request; only a resource policy can allow it. */
  record Anonymous() implements Identity {}
}
