package dev.atelier.kms;

import dev.atelier.identity.IdentityFeature;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.operation.OperationTable;
import java.nio.file.Path;
import java.time.Clock;

/** A keyring over a folder of its own, with KMS's operations. */
public final class KeyringBench implements AutoCloseable {
  private final MetadataStore database;
  private final Keyring keyring;

  public KeyringBench(Path root, Clock clock, OperationTable table) {
    database = MetadataStore.open(root.resolve("keyring.db"), "db/meta");
    Secrets secrets = Secrets.open(root);
    IdentityFeature identity = IdentityFeature.open(database, secrets, clock, new OperationTable());
    keyring = KmsFeature.open(database, new TagStore(), secrets, identity.authoriser(), clock, table);
  }

  public Keyring keyring() {
    return keyring;
  }

  @Override
  public void close() {
    database.close();
  }
}
