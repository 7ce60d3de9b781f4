package dev.atelier.kms;

import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kms.KeyAccess.Circumstances;
import dev.atelier.kms.KeyStore.Alias;
import dev.atelier.metadata.Page;
import dev.atelier.models.NoOutput;
import dev.atelier.models.kms.AliasListEntry;
import dev.atelier.models.kms.CreateAliasRequest;
import dev.atelier.models.kms.DeleteAliasRequest;
import dev.atelier.models.kms.KmsOperations;
import dev.atelier.models.kms.ListAliasesRequest;
import dev.atelier.models.kms.ListAliasesResponse;
import dev.atelier.models.kms.UpdateAliasRequest;
import dev.atelier.operation.OperationTable;
import java.util.Optional;

/** The operations on aliases. */
final class AliasApi {
  private final Keys keys;
  private final KeyAccess access;

  AliasApi(Keys keys, KeyAccess access) {
    this.keys = keys;
    this.access = access;
  }

  void register(OperationTable table) {
    table.on(KmsOperations.createAlias(), this::createAlias)
        .on(KmsOperations.updateAlias(), this::updateAlias)
        .on(KmsOperations.deleteAlias(), this::deleteAlias)
        .on(KmsOperations.listAliases(), this::listAliases);
  }

  NoOutput createAlias(Caller caller, CreateAliasRequest request) {
    requireName(request.aliasName());
    Key key = target(caller, "CreateAlias", request.aliasName(), request.targetKeyId());
    if (!keys.addAlias(caller, request.aliasName(), key)) {
      throw new Fault("AlreadyExistsException", 400,
          "An alias with the name " + arn(caller, request.aliasName()) + " already exists");
    }
    return new NoOutput();
  }

  NoOutput updateAlias(Caller caller, UpdateAliasRequest request) {
    requireName(request.aliasName());
    Key key = target(caller, "UpdateAlias", request.aliasName(), request.targetKeyId());
    Alias alias = require(caller, request.aliasName());
    authorisePresent(caller, "UpdateAlias", alias);
    keys.moveAlias(alias, key);
    return new NoOutput();
  }

  NoOutput deleteAlias(Caller caller, DeleteAliasRequest request) {
    requireName(request.aliasName());
    access.authorise(caller, "DeleteAlias", arn(caller, request.aliasName()).toString());
    Alias alias = require(caller, request.aliasName());
    authorisePresent(caller, "DeleteAlias", alias);
    keys.deleteAlias(alias);
    return new NoOutput();
  }

  ListAliasesResponse listAliases(Caller caller, ListAliasesRequest request) {
    Optional<String> keyId = Optional.ofNullable(request.keyId()).map(id -> keys.require(caller, id).id());
    Page<Alias> page = keys.aliases(caller, keyId, KeyApi.paging(request.limit(), request.marker()));
    return ListAliasesResponse.builder()
        .aliases(page.items().stream().map(alias -> AliasListEntry.builder().aliasName(alias.name())
            .aliasArn(arn(caller, alias.name()).toString()).targetKeyId(alias.keyId())
            .creationDate(alias.created()).lastUpdatedDate(alias.updated()).build()).toList())
        .truncated(page.nextToken().isPresent()).nextMarker(page.nextToken().orElse(null)).build();
  }

  private Key target(Caller caller, String action, String alias, String keyId) {
    access.authorise(caller, action, arn(caller, alias).toString());
    if (keyId.contains(Keys.ALIAS)) {
      throw Fault.validation("Aliases must refer to keys. Not aliases");
    }
    Key key = access.require(keys, caller, action, keyId, Circumstances.NONE);
    if (key.deletion().isPresent()) {
      throw KmsFault.pendingDeletion(key);
    }
    if (!key.account().equals(caller.account())) {
      throw KmsFault.notFound("Key '" + key.arn() + "' does not exist in the account of the alias");
    }
    return key;
  }

  /** What takes an alias away from its key needs the right on that key, too. */
  private void authorisePresent(Caller caller, String action, Alias alias) {
    keys.find(alias.keyId()).ifPresent(key -> access.authorise(caller, action, key, Circumstances.NONE));
  }

  private Alias require(Caller caller, String name) {
    return keys.alias(caller, name)
        .orElseThrow(() -> KmsFault.notFound("Alias " + arn(caller, name) + " is not found."));
  }

  private static void requireName(String name) {
    if (!name.startsWith(Keys.ALIAS) || name.length() == Keys.ALIAS.length()) {
      throw Fault.validation("Invalid identifier");
    }
    if (name.startsWith("alias/aws/")) {
      throw new Fault("NotAuthorizedException", 400, "");
    }
    if (!name.matches("alias/[a-zA-Z0-9/_-]+")) {
      throw new Fault("InvalidAliasNameException", 400, name + " contains invalid characters for an alias");
    }
  }

  private static Arn arn(Caller caller, String name) {
    return Arn.of("kms", caller.region(), caller.account(), name);
  }
}
