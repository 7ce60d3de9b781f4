package dev.atelier.identity;

import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.operation.OperationTable;
import java.time.Clock;

/** Identity, assembled: what the server and other features use of it. */
public record IdentityFeature(
    Credentials credentials,
    Authoriser authoriser,
    Sessions sessions,
    Users users,
    Roles roles,
    ManagedPolicies policies,
    Bootstrap bootstrap) {

  /** Builds the feature and registers its operations. */
  public static IdentityFeature open(MetadataStore store, Secrets secrets, Clock clock, OperationTable table) {
    Generation generation = new Generation();
    IdentityStore identities = new IdentityStore(store);
    SessionStore sessionStore = new SessionStore(store);
    PolicyStore policyStore = new PolicyStore(store);
    Entitlements entitlements = new Entitlements(policyStore, generation);
    Authoriser authoriser = new Authoriser(identities, entitlements, clock);
    Credentials credentials = new Credentials(identities, sessionStore, secrets, generation);
    Sessions sessions = new Sessions(identities, sessionStore, authoriser, secrets, generation, clock);
    Users users = new Users(identities, policyStore, secrets, generation, clock);
    Roles roles = new Roles(identities, policyStore, generation, clock);
    ManagedPolicies policies = new ManagedPolicies(policyStore, entitlements, generation, clock);
    new StsApi(sessions, credentials, entitlements).register(table);
    new RoleApi(roles, policies).register(table);
    new UserApi(users, policies).register(table);
    new PolicyApi(policies).register(table);
    new SimulationApi(users, roles, authoriser, entitlements).register(table);
    return new IdentityFeature(credentials, authoriser, sessions, users, roles, policies,
        new Bootstrap(identities, users, roles, policies, clock));
  }
}
