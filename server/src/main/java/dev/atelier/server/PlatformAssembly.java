package dev.atelier.server;

import dev.atelier.identity.AccountSpec;
import dev.atelier.identity.Bootstrap;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.RequestAccess;
import dev.atelier.identity.Users;
import dev.atelier.kernel.AccountId;
import dev.atelier.metadata.DataFolder;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.operation.OperationTable;
import dev.atelier.server.config.ServerConfig;
import dev.atelier.server.http.ApiFront;
import dev.atelier.server.http.Dispatcher;
import dev.atelier.server.tls.CertificateAuthority;
import dev.atelier.server.tls.SniKeyManager;
import dev.atelier.server.tls.TrustBundle;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Deque;
import java.util.Optional;

/** All wiring, by hand, top to bottom. */
final class PlatformAssembly {
  private final ApiFront.Factory fronts;
  private final Deque<AutoCloseable> opened;
  private ApiFront front;
  private URI url;

  PlatformAssembly(DataFolder folder, Path cache, ServerConfig config, Clock clock, Deque<AutoCloseable> opened)
      throws Exception {
    this.opened = opened;
    Secrets secrets = Secrets.open(folder.keys());
    MetadataStore metadata = keep(MetadataStore.open(folder.metaDatabase(), "db/meta"));
    OperationTable operations = new OperationTable();

    IdentityFeature identity = IdentityFeature.open(metadata, secrets, clock, operations);
    bootstrap(folder.root(), config, identity.bootstrap(), clock);

    RequestAccess access = new RequestAccess(bucket -> Optional.empty());
    Dispatcher dispatcher = new Dispatcher(operations, identity, access, clock);

    CertificateAuthority authority = CertificateAuthority.open(folder.keys(), clock);
    TrustBundle.write(folder.root().resolve(TrustBundle.FILE), authority);
    String proxyToken = ProxyToken.open(folder.keys());
    this.fronts = address -> new ApiFront(address, new SniKeyManager(authority, clock), dispatcher, proxyToken);
  }

  private <T extends AutoCloseable> T keep(T part) {
    opened.push(part);
    return part;
  }

  /** The administrator and default account, then what the configuration names. */
  private static void bootstrap(Path data, ServerConfig config, Bootstrap bootstrap, Clock clock) {
    AdministratorKey key = AdministratorKey.read(data).orElseGet(() -> {
      Users.NewKey made = Bootstrap.newAdministratorKey(clock);
      AdministratorKey fresh = new AdministratorKey(config.defaultAccount(), made.key().id(), made.secret());
      fresh.write(data);
      return fresh;
    });
    bootstrap.defaultAccount(new AccountId(key.account()), key.accessKeyId(), key.secretAccessKey());
    for (ServerConfig.Account account : config.accounts()) {
      bootstrap.apply(new AccountSpec(account.id(),
          account.users().stream().map(user -> new AccountSpec.UserSpec(
              user.name(), user.accessKeyId(), user.secretAccessKey(), user.policies())).toList(),
          account.roles().stream().map(role -> new AccountSpec.RoleSpec(
              role.name(), role.path(), role.trust(), role.policies())).toList()));
    }
  }

  void start(InetSocketAddress address) throws Exception {
    front = keep(fronts.open(address));
    front.start();
    url = URI.create("http://" + (address.getAddress().isAnyLocalAddress() ? "127.0.0.1" : address.getHostString())
        + ":" + front.port());
  }

  URI url() {
    return url;
  }

  void join() throws InterruptedException {
    front.join();
  }
}
