package dev.atelier.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.kernel.Fault;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** URLs that botocore 1.43.67 presigned. */
class PresignedTest {
  private static final String V2_GET = "response-content-type=text%2Fx&AWSAccessKeyId=AKIDEXAMPLE"
      + "&Signature=oZxGRNasbSVAg%2BSLkSUJUNIDPU8%3D&Expires=1767225660";
  private static final String V2_PUT = "AWSAccessKeyId=AKIDEXAMPLE&Signature=Lga8WfhyNC3uH7SZWaeQK8hOOTA%3D"
      + "&content-type=text%2Fplain&x-amz-meta-m=1&Expires=1767225660";
  private static final String V4_GET = "response-content-type=text%2Fx&X-Amz-Algorithm=AWS4-HMAC-SHA256"
      + "&X-Amz-Credential=AKIDEXAMPLE%2F20261121%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20261121T042007Z"
      + "&X-Amz-Expires=60&X-Amz-SignedHeaders=host"
      + "&X-Amz-Signature=d5887e48f99b0d2b0fd4a21df20b4a29657bec3b251c29df21449051e8e81af5";
  private static final String STS = "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256"
      + "&X-Amz-Credential=AKIDEXAMPLE%2F20261121%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261121T042007Z"
      + "&X-Amz-Expires=3600&X-Amz-SignedHeaders=host"
      + "&X-Amz-Signature=57804d48527210ad37415230cb99b19a4bb3d125597b0fd898375d76780e838f";

  private static Authentication verify(String now, String method, String path, String query, Headers headers,
      ErrorDialect dialect, SigningKey key) {
    return new SigV4Verifier(id -> id.equals(Signer.KEY) ? Optional.of(key) : Optional.empty(),
        Clock.fixed(Instant.parse(now), ZoneOffset.UTC)).verify(
        new WireRequest(method, path, query, headers, new ByteArrayInputStream(new byte[0]), false, ""), dialect,
        Optional.empty());
  }

  private static Authentication s3(String now, String method, String path, String query) {
    return verify(now, method, path, query, Headers.of("Host", "localhost:9000"), ErrorDialect.S3,
        SigningKey.permanent(Signer.SECRET));
  }

  private static void refused(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(Fault.class, fault -> assertThat(fault.code()).isEqualTo(code));
  }

  private static Map<String, Object> told(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(Fault.class, call).members();
  }

  @Test
  void s3TellsWhatItSignedAndWhen() {
    assertThat(told(() -> s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/d", V2_GET))).containsKey("StringToSign")
        .containsEntry("AWSAccessKeyId", Signer.KEY).doesNotContainKey("CanonicalRequest");
    Map<String, Object> four = told(() -> s3("2026-11-21T04:20:30Z", "GET", "/b/other", V4_GET));
    assertThat(four).containsEntry("AWSAccessKeyId", Signer.KEY)
        .containsEntry("SignatureProvided", "d5887e48f99b0d2b0fd4a21df20b4a29657bec3b251c29df21449051e8e81af5");
    assertThat(four.get("StringToSign").toString())
        .startsWith("AWS4-HMAC-SHA256\n20261121T042007Z\n20261121/us-east-1/s3/aws4_request\n");
    assertThat(four.get("CanonicalRequest").toString()).startsWith("GET\n/b/other\n");
    assertThat(four.get("CanonicalRequestBytes").toString()).startsWith("47 45 54 0a 2f 62 2f 6f");
    assertThat(told(() -> s3("2026-01-01T00:01:01Z", "GET", "/b/a%20b/c", V2_GET)))
        .isEqualTo(Map.of("Expires", "2026-01-01T00:01:00Z", "ServerTime", "2026-01-01T00:01:01Z"));
    assertThat(told(() -> s3("2026-11-21T04:21:08Z", "GET", "/b/a%20b/c", V4_GET))).isEqualTo(Map.of("X-Amz-Expires", "60",
        "Expires", "2026-11-21T04:21:07Z", "ServerTime", "2026-11-21T04:21:08Z"));
  }

  @Test
  void versionTwo() {
    assertThat(s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/c", V2_GET)).isInstanceOf(Authentication.Verified.class);
    assertThat(s3("2026-01-01T00:00:30Z", "PUT", "/b/k", V2_PUT)).isInstanceOf(Authentication.Verified.class);
    refused("AccessDenied", () -> s3("2026-01-01T00:01:01Z", "GET", "/b/a%20b/c", V2_GET));
    refused("SignatureDoesNotMatch", () -> s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/d", V2_GET));
    refused("SignatureDoesNotMatch", () -> s3("2026-01-01T00:00:30Z", "DELETE", "/b/a%20b/c", V2_GET));
    refused("SignatureDoesNotMatch", () -> s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/c", V2_GET + "&acl"));
    refused("SignatureDoesNotMatch", () -> s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/c", V2_GET + "&encryption"));
    refused("SignatureDoesNotMatch",
        () -> s3("2026-01-01T00:00:30Z", "PUT", "/b/k", V2_PUT.replace("meta-m=1", "meta-m=2")));
    refused("SignatureDoesNotMatch", () -> s3("2026-01-01T00:00:30Z", "GET", "/b/a%20b/c",
        V2_GET.replace("1767225660", "1767229999")));
  }

  @Test
  void versionFour() {
    assertThat(s3("2026-11-21T04:20:30Z", "GET", "/b/a%20b/c", V4_GET)).isInstanceOf(Authentication.Verified.class);
    refused("AccessDenied", () -> s3("2026-11-21T04:21:08Z", "GET", "/b/a%20b/c", V4_GET));
    refused("RequestTimeTooSkewed", () -> s3("2026-11-21T04:00:00Z", "GET", "/b/a%20b/c", V4_GET));
    refused("SignatureDoesNotMatch",
        () -> s3("2026-11-21T04:20:30Z", "GET", "/b/a%20b/c", V4_GET.replace("Expires=60", "Expires=90")));
    refused("AuthorizationQueryParametersError",
        () -> s3("2026-11-21T04:20:30Z", "GET", "/b/a%20b/c", V4_GET + "&X-Amz-Date=20261121T042007Z"));
  }

  @Test
  void otherServices() {
    Authentication who = verify("2026-11-21T04:30:00Z", "POST", "/", STS,
        Headers.of("Host", "sts.us-east-1.amazonaws.com"), ErrorDialect.QUERY, SigningKey.permanent(Signer.SECRET));
    assertThat(who).isInstanceOf(Authentication.Verified.class);
    assertThat(((Authentication.Verified) who).service()).isEqualTo("sts");
  }

  @Test
  void temporaryKeysNeedTheirTokenAndEnd() {
    Instant end = Instant.parse("2026-01-01T01:00:00Z");
    SigningKey key = SigningKey.temporary(Signer.SECRET, "tok", end);
    Headers headers = Headers.of("Host", "h", "X-Amz-Date", Signer.STAMP, "X-Amz-Security-Token", "tok");
    Signer.authorize("sts", "POST", "/", "", headers, Hashes.EMPTY_SHA256);
    assertThat(verify("2026-01-01T00:01:00Z", "POST", "/", "", headers, ErrorDialect.QUERY, key))
        .isInstanceOf(Authentication.Verified.class);
    refused("InvalidClientTokenId", () -> verify("2026-01-01T00:01:00Z", "POST", "/", "", headers, ErrorDialect.QUERY,
        SigningKey.temporary(Signer.SECRET, "another", end)));
    refused("InvalidClientTokenId", () -> verify("2026-01-01T00:01:00Z", "POST", "/", "", headers, ErrorDialect.QUERY,
        SigningKey.permanent(Signer.SECRET)));
    refused("ExpiredToken", () -> verify("2026-01-01T00:01:00Z", "POST", "/", "", headers, ErrorDialect.QUERY,
        SigningKey.temporary(Signer.SECRET, "tok", Instant.parse("2026-01-01T00:01:00Z"))));
    Headers bare = Headers.of("Host", "h", "X-Amz-Date", Signer.STAMP);
    Signer.authorize("sts", "POST", "/", "", bare, Hashes.EMPTY_SHA256);
    refused("InvalidClientTokenId",
        () -> verify("2026-01-01T00:01:00Z", "POST", "/", "", bare, ErrorDialect.QUERY, key));
  }

  @Test
  void withoutSignatureNothingIsClaimed() {
    assertThat(s3("2026-01-01T00:00:00Z", "GET", "/b/k", "acl")).isInstanceOf(Authentication.Unsigned.class);
    refused("InvalidAccessKeyId",
        () -> s3("2026-11-21T04:20:30Z", "GET", "/b/a%20b/c", V4_GET.replace("AKIDEXAMPLE", "AKIDSTRANGER")));
  }
}
