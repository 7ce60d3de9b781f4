package dev.atelier.kms;

import dev.atelier.identity.Authoriser;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.operation.OperationTable;
import java.time.Clock;

/** KMS, assembled. */
public final class KmsFeature {
  private KmsFeature() {}

  /** Registers the operations, removes keys whose deletion fell due, and hands out the keys for other services' use. */
  public static Keyring open(MetadataStore database, TagStore tags, Secrets secrets, Authoriser authoriser, Clock clock,
      OperationTable table) {
    KeyStore store = new KeyStore(tags);
    Materials materials = new Materials(database, store, secrets, clock);
    Keys keys = new Keys(database, store, tags, materials, clock);
    KeyAccess access = new KeyAccess(authoriser);
    new KeyApi(keys, access, clock).register(table);
    new KeyPolicyApi(keys, materials, access, clock).register(table);
    new KeyTagApi(keys, access).register(table);
    new AliasApi(keys, access).register(table);
    new CryptographicApi(keys, materials, access).register(table);
    keys.purge();
    return new Keyring(keys, materials, access);
  }
}
