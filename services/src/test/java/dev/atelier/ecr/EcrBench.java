package dev.atelier.ecr;

import dev.atelier.compute.ContainerImages;
import dev.atelier.identity.Bootstrap;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.RequestAccess;
import dev.atelier.identity.Users;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.kms.KmsFeature;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ECR on a data folder of its own, with an administrator. */
final class EcrBench implements AutoCloseable {
  private final MetadataStore database;
  private final ObjectStore layers;
  private final EcrFeature ecr;
  private final Registry registry;
  private final Caller caller;
  private final OperationTable table = new OperationTable();

  EcrBench(Path root, Clock clock) {
    database = MetadataStore.open(root.resolve("meta.db"), "db/meta");
    layers = ObjectStore.open(root, clock);
    Secrets secrets = Secrets.open(root);
    TagStore tags = new TagStore();
    IdentityFeature identity = IdentityFeature.open(database, secrets, clock, new OperationTable());
    Users.NewKey key = Bootstrap.newAdministratorKey(clock);
    AccountId account = new AccountId("123456789012");
    identity.bootstrap().defaultAccount(account, key.key().id(), key.secret());
    ecr = EcrFeature.open(new EcrFeature.Needs(database, layers, tags, secrets,
        KmsFeature.open(database, tags, secrets, identity.authoriser(), clock, new OperationTable()), clock, clock),
        identity, () -> URI.create("http://127.0.0.1:9143"), table);
    registry = ecr.registry(new RequestAccess((bucket, access) -> Optional.empty()));
    caller = identity.credentials().find(key.key().id()).map(credential ->
        new Caller(account, new Region("us-east-1"), credential.identity(), key.key().id())).orElseThrow();
  }

  Registry registry() {
    return registry;
  }

  Caller caller() {
    return caller;
  }

  /** Performs an operation as the administrator, as the dispatcher does. */
  Map<String, Object> perform(String operation, Map<String, Object> input) {
    return table.find("ecr", operation).orElseThrow().perform(caller, input);
  }

  /** The repository of a name, made when it is not there. */
  Repository repository(String name) {
    try {
      perform("CreateRepository", Map.of("repositoryName", name));
    } catch (Fault exists) {
      // as after a restart
    }
    return registry.open(caller, "PutImage", new Registry.Place(caller.account(), caller.region(), name), Map.of());
  }

  /** One pass of what goes on in the background. */
  void upkeep(Clock rules) {
    upkeep(rules, Optional.empty());
  }

  private void upkeep(Clock rules, Optional<EngineImages> engine) {
    try (Upkeep upkeep = ecr.upkeep(rules, engine)) {
      upkeep.run();
    }
  }

  /** As {@link #upkeep(Clock)}, beside an engine. */
  void upkeep(Clock rules, EngineImages engine) {
    upkeep(rules, Optional.of(engine));
  }

  /** The copies that an engine has for a server of this data folder. */
  EngineImages copies(ContainerImages engine, Path data) {
    return ecr.copies(engine, data);
  }

  /** How many contents there are, with a row or without. */
  int contents() {
    List<String> found = new ArrayList<>();
    layers.each("layers", "", object -> found.add(object.key()));
    return found.size();
  }

  @Override
  public void close() {
    layers.close();
    database.close();
  }
}
