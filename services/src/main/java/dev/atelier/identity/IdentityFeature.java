package dev.atelier.identity;

import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.operation.OperationTable;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** Identity, assembled: what the server and other features use of it. Closing it writes what is still noted. */
public record IdentityFeature(
    Credentials credentials,
    Authoriser authoriser,
    Sessions sessions,
    Users users,
    Roles roles,
    ManagedPolicies policies,
    Denials denials,
    KeyUse keyUse,
    IamResources resources,
    ConsoleSessions consoleSessions,
    ConsoleSignIn consoleSignIn,
    SecondFactor secondFactor,
    SingleSignOn singleSignOn,
    Bootstrap bootstrap) implements AutoCloseable {

  /** Builds the feature, without calls to the outside, and registers its operations. */
  public static IdentityFeature open(MetadataStore store, Secrets secrets, Clock clock, OperationTable table) {
    return open(store, secrets, clock, table, Outbound.none(), List.of());
  }

  /**
   * Builds the feature and registers its operations.
   *
   * @param outbound how issuers of web identities are asked for their keys
   * @param issuers whose people may sign in at the console
   */
  public static IdentityFeature open(MetadataStore store, Secrets secrets, Clock clock, OperationTable table,
      Outbound outbound, List<SingleSignOn.Provider> issuers) {
    Generation generation = new Generation();
    IdentityRows rows = new IdentityRows(store, generation);
    OperationTable units = table.within(new Units(rows));
    IdentityStore identities = new IdentityStore(rows);
    SessionStore sessionStore = new SessionStore(rows);
    PolicyStore policyStore = new PolicyStore(rows);
    GroupStore groupStore = new GroupStore(rows);
    RecordStore records = new RecordStore(rows);
    EntityTags tags = new EntityTags(rows, generation);
    KeyUse keyUse = new KeyUse(store, clock);
    IamWire wire = new IamWire(tags, keyUse);

    // what decides
    Entitlements entitlements = new Entitlements(identities, groupStore, policyStore, tags, generation);
    Credentials credentials = new Credentials(identities, sessionStore, secrets, generation);
    Authoriser authoriser =
        new Authoriser(identities, entitlements, new PrincipalKeys(entitlements, credentials, clock), clock);
    Denials denials = new Denials(authoriser, secrets);

    // whom it decides about
    Boundaries boundaries = new Boundaries(entitlements);
    Users users = new Users(identities, policyStore, groupStore, records, boundaries, generation, clock);
    AccessKeys keys = new AccessKeys(identities, users, secrets, generation, clock);
    Groups groups = new Groups(groupStore, policyStore, users, generation, clock);
    Roles roles =
        new Roles(identities, policyStore, records, boundaries, new TrustPolicies(identities), generation, clock);
    ManagedPolicies policies = new ManagedPolicies(policyStore, entitlements, generation, clock);
    Holders holders = new Holders(users, groups, roles);
    new UserApi(users, keys, keyUse, wire).register(units);
    new GroupApi(groups, users).register(units);
    new RoleApi(roles, new ServiceLinkedRoles(roles, records, clock), wire).register(units);
    PolicyApi policyApi = new PolicyApi(policies, wire);
    policyApi.register(units);
    new InlinePolicyApi(holders, policies).register(units);
    new AttachmentApi(holders, policies).register(units);
    new EntityTagApi(users, roles, policies, records, tags, wire).register(units);
    new SimulationApi(holders, authoriser, entitlements).register(units);

    // what hangs on users and accounts
    Passwords passwords = new Passwords(records, users, clock);
    new PasswordApi(passwords).register(table);
    InstanceProfiles profiles = new InstanceProfiles(records, roles, clock);
    new InstanceProfileApi(profiles, roles, wire).register(units);
    new ProviderApi(new Providers(records, clock), wire).register(units);
    new CertificateApi(new Certificates(records, users, secrets, clock), wire).register(units);
    MfaDevices devices = new MfaDevices(records, users, secrets, clock);
    new MfaApi(devices, users, wire).register(units);
    new AuthorizationDetailsApi(holders, policies, profiles, policyApi, wire).register(units);
    new AccountApi(records, holders, policies, keys,
        new CredentialReport(records, users, passwords, keyUse, clock), clock).register(units);

    // sessions
    Sessions sessions = new Sessions(identities, sessionStore, authoriser, secrets, generation, clock);
    ConsoleSessionStore consoleStore = new ConsoleSessionStore(rows);
    new StsApi(new RoleAssumption(sessions, authoriser, credentials, devices, consoleStore, clock),
        new WebIdentity(records, sessions, outbound, clock), sessions, credentials, new SessionPolicies(entitlements),
        devices, denials).register(table);
    new RootSessionApi(sessions).register(table);
    ConsoleSessions console =
        new ConsoleSessions(consoleStore, passwords, identities, sessions, credentials, clock);
    SecondFactor factor = new SecondFactor(rows, identities, devices);
    return new IdentityFeature(credentials, authoriser, sessions, users, roles, policies, denials, keyUse,
        new IamResources(identities, groupStore, records, tags), console,
        new ConsoleSignIn(consoleStore, console, passwords, identities, factor, authoriser, clock), factor,
        new SingleSignOn(issuers, console, identities, secrets, outbound, clock),
        new Bootstrap(identities, users, keys, roles, policies, clock));
  }

  /** What changes something is one transaction with all its checks. */
  private record Units(IdentityRows rows) implements OperationTable.Around {
    private static final List<String> READING = List.of("Get", "List", "Simulate", "Generate");

    @Override
    public <T> T perform(String operation, Supplier<T> method) {
      return READING.stream().anyMatch(operation::startsWith) ? method.get() : rows.atomically(method);
    }
  }

  @Override
  public void close() {
    keyUse.close();
  }
}
