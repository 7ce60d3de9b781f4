package dev.atelier.kms;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Authoriser.Access;
import dev.atelier.identity.policy.PolicyDocument;
import dev.atelier.identity.policy.PolicyEvaluator.NamedPolicy;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may use a key. The key policy must allow it, for the principal itself or by leaving it to the account; then the
 * principal's own policies decide as everywhere.
 */
final class KeyAccess {
  private final Authoriser authoriser;

  KeyAccess(Authoriser authoriser) {
    this.authoriser = authoriser;
  }

  /**
   * What is asked of a key beside the action.
   *
   * @param via the service that asks in the caller's name, such as {@code s3}
   * @param alias the alias by which the request names the key
   */
  record Circumstances(Map<String, String> encryptionContext, Optional<String> via, Optional<String> alias) {
    static final Circumstances NONE = new Circumstances(Map.of(), Optional.empty(), Optional.empty());

    static Circumstances of(Map<String, String> encryptionContext, String keyId) {
      return new Circumstances(encryptionContext, Optional.empty(), Optional.ofNullable(keyId)
          .filter(id -> id.contains(Keys.ALIAS)).map(id -> id.substring(id.indexOf(Keys.ALIAS))));
    }
  }

  /**
   * The key that a request names, when the caller may do it. One who may not is told nothing of another account's keys,
   * not even whether they exist.
   *
   * @throws Fault NotFoundException, AccessDeniedException
   */
  Key require(Keys keys, Caller caller, String action, String keyId, Circumstances circumstances) {
    try {
      Key key = keys.require(caller, keyId);
      authorise(caller, action, key, circumstances);
      return key;
    } catch (Fault e) {
      throw Arn.parse(keyId).filter(arn -> arn.service().equals("kms")
          && !arn.account().equals(caller.account().value())).isPresent() ? KmsFault.hidden(caller, action) : e;
    }
  }

  /** @throws Fault AccessDeniedException */
  void authorise(Caller caller, String action, Key key, Circumstances circumstances) {
    Access access = new Access("kms:" + action, key.arn().toString(), keys(caller, action, circumstances),
        Optional.of(key.account()), Optional.of(new NamedPolicy("key policy",
            PolicyDocument.parse(key.policy(), PolicyDocument.Kind.RESOURCE))));
    authoriser.authoriseByBoth(caller, access);
  }

  /** For what names no key of its own, such as an alias. */
  void authorise(Caller caller, String action, String resource) {
    authoriser.authorise(caller, Access.of("kms:" + action, resource).with(keys(caller, action, Circumstances.NONE)));
  }

  private static Map<String, List<String>> keys(Caller caller, String action, Circumstances circumstances) {
    Map<String, List<String>> keys = new HashMap<>();
    keys.put("kms:calleraccount", List.of(caller.account().value()));
    if (action.equals("CreateGrant")) {
      // no operation makes grants: only services here ask for one
      keys.put("kms:grantisforawsresource", List.of("true"));
    }
    circumstances.via().ifPresent(service -> {
      keys.put("kms:viaservice", List.of(service + "." + caller.region().name() + ".amazonaws.com"));
      keys.put("aws:viaawsservice", List.of("true"));
    });
    circumstances.alias().ifPresent(alias -> keys.put("kms:requestalias", List.of(alias)));
    if (!circumstances.encryptionContext().isEmpty()) {
      keys.put("kms:encryptioncontextkeys", List.copyOf(circumstances.encryptionContext().keySet()));
      circumstances.encryptionContext().forEach((name, value) ->
          keys.put("kms:encryptioncontext:" + name, List.of(value)));
    }
    return keys;
  }
}
