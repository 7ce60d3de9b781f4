package dev.atelier.wire;

import dev.atelier.kernel.Fault;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Verifies the form with which a browser posts an object: the signature, of Version 4 or 2, is of the policy field alone,
 * whose conditions then bind the other fields. How long it is good for stands in the policy.
 */
final class FormSignature {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private final Function<String, Optional<SigningKey>> keys;
  private final Clock clock;

  FormSignature(Function<String, Optional<SigningKey>> keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** @param fields by their names in lower case */
  Authentication verify(Map<String, String> fields) {
    boolean four = fields.containsKey("x-amz-signature") || fields.containsKey("x-amz-credential")
        || fields.containsKey("x-amz-algorithm");
    boolean two = fields.containsKey("signature") || fields.containsKey("awsaccesskeyid");
    if (!four && !two) {
      if (fields.containsKey("policy")) {
        throw missing("AWSAccessKeyId");
      }
      return new Authentication.Unsigned();
    }
    return four ? four(fields) : two(fields);
  }

  private Authentication four(Map<String, String> fields) {
    if (!field(fields, "x-amz-algorithm", "X-Amz-Algorithm").equals(ALGORITHM)) {
      throw new Fault("InvalidArgument", 400, "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"",
          Map.of("ArgumentName", "X-Amz-Algorithm", "ArgumentValue", fields.get("x-amz-algorithm")));
    }
    String policy = field(fields, "policy", "Policy");
    String credential = field(fields, "x-amz-credential", "X-Amz-Credential");
    String signature = field(fields, "x-amz-signature", "X-Amz-Signature");
    SignatureScope scope = SignatureScope.of(credential, "host", signature).orElseThrow(() ->
        new Fault("AuthorizationQueryParametersError", 400,
            "Error parsing the X-Amz-Credential parameter or the X-Amz-Signature parameter."));
    SignatureScope.time(field(fields, "x-amz-date", "X-Amz-Date"))
        .filter(time -> SignatureScope.stamp(time).startsWith(scope.date())).orElseThrow(ErrorDialect.S3::mismatch);
    SigningKey key = keys.apply(scope.accessKeyId()).orElseThrow(ErrorDialect.S3::unknownKey);
    byte[] signingKey = Hashes.signingKey(key.secret(), scope.date(), scope.region(), scope.service());
    if (!Hashes.same(Hashes.sign(signingKey, policy), signature)) {
      throw ErrorDialect.S3.mismatch();
    }
    checkToken(key, fields);
    return new Authentication.Verified(scope.accessKeyId(), scope.region(), scope.service(),
        InputStream.nullInputStream(), OptionalLong.empty(), Headers::new);
  }

  private Authentication two(Map<String, String> fields) {
    String id = field(fields, "awsaccesskeyid", "AWSAccessKeyId");
    String policy = field(fields, "policy", "Policy");
    String signature = field(fields, "signature", "Signature");
    SigningKey key = keys.apply(id).orElseThrow(ErrorDialect.S3::unknownKey);
    String right = Base64.getEncoder().encodeToString(
        Hashes.hmac("HmacSHA1", key.secret().getBytes(StandardCharsets.UTF_8), policy));
    if (!Hashes.same(right, signature)) {
      throw ErrorDialect.S3.mismatch();
    }
    checkToken(key, fields);
    return new Authentication.Verified(id, "", "s3", InputStream.nullInputStream(), OptionalLong.empty(), Headers::new);
  }

  private void checkToken(SigningKey key, Map<String, String> fields) {
    key.requireToken(Optional.ofNullable(fields.get("x-amz-security-token")).stream().toList(), clock.instant(),
        ErrorDialect.S3);
  }

  private static String field(Map<String, String> fields, String name, String shown) {
    String value = fields.get(name);
    if (value == null || value.isEmpty()) {
      throw missing(shown);
    }
    return value;
  }

  private static Fault missing(String name) {
    return new Fault("InvalidArgument", 400, "Bucket POST must contain a field named '" + name
        + "'.  If it is specified, please check the order of the fields.",
        Map.of("ArgumentName", name, "ArgumentValue", ""));
  }
}
