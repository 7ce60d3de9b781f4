package dev.atelier.wire;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A signed request whose parts can be changed one at a time. */
final class SignedSample {
  String method = "POST";
  String path;
  final List<Query.Pair> query = new ArrayList<>();
  Headers headers = new Headers();
  byte[] body;
  final ErrorDialect dialect;

  private SignedSample(ErrorDialect dialect, String path, byte[] body) {
    this.dialect = dialect;
    this.path = path;
    this.body = body;
  }

  WireRequest request() {
    return new WireRequest(method, path, Signer.query(query), headers.copy(), new ByteArrayInputStream(body), false, "");
  }

  /** One of: a JSON call, an S3 upload with its digest, an S3 upload in signed chunks, a presigned S3 download. */
  static SignedSample of(int kind, RandomGenerator random) {
    byte[] content = ("{\"TrainingJobName\":\"job-" + random.nextInt(1000) + "\"}").getBytes(StandardCharsets.UTF_8);
    return switch (kind) {
      case 0 -> json(content);
      case 1 -> s3(content, false);
      case 2 -> s3(content, true);
      default -> presigned();
    };
  }

  private static SignedSample json(byte[] content) {
    SignedSample sample = new SignedSample(ErrorDialect.JSON, "/", content);
    sample.query.add(new Query.Pair("a", "1"));
    sample.headers = Headers.of("Host", "localhost:9000", "X-Amz-Date", Signer.STAMP, "Content-Type",
        "application/x-amz-json-1.1", "X-Amz-Target", "SageMaker.DescribeTrainingJob");
    Signer.authorize("sagemaker", "POST", "/", "a=1", sample.headers, Hashes.sha256Hex(content));
    return sample;
  }

  private static SignedSample s3(byte[] content, boolean chunked) {
    SignedSample sample = new SignedSample(ErrorDialect.S3, "/bucket/a//b/../c%20d", content);
    sample.method = "PUT";
    sample.query.add(new Query.Pair("partNumber", "1"));
    sample.query.add(new Query.Pair("uploadId", "u%2Fv"));
    String hash = chunked ? "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" : Hashes.sha256Hex(content);
    sample.headers = Headers.of("Host", "localhost:9000", "X-Amz-Date", Signer.STAMP, "X-Amz-Content-SHA256", hash,
        "x-amz-meta-colour", "dark  red", "Content-Type", "text/plain");
    if (chunked) {
      sample.headers.add("x-amz-decoded-content-length", String.valueOf(content.length));
    }
    String seed = Signer.authorize("s3", "PUT", sample.path, Signer.query(sample.query), sample.headers, hash);
    if (chunked) {
      sample.body = Signer.chunks(content, 16, seed);
    }
    return sample;
  }

  private static SignedSample presigned() {
    SignedSample sample = new SignedSample(ErrorDialect.S3, "/bucket/key", new byte[0]);
    sample.method = "GET";
    sample.headers = Headers.of("Host", "localhost:9000");
    sample.query.addAll(Arrays.asList(new Query.Pair("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        new Query.Pair("X-Amz-Credential", (Signer.KEY + "/" + Signer.scope("s3")).replace("/", "%2F")),
        new Query.Pair("X-Amz-Date", Signer.STAMP), new Query.Pair("X-Amz-Expires", "600"),
        new Query.Pair("X-Amz-SignedHeaders", "host"), new Query.Pair("versionId", "v1")));
    Headers scratch = sample.headers.copy();
    String signature = Signer.authorize("s3", "GET", sample.path, Signer.query(sample.query), scratch,
        "UNSIGNED-PAYLOAD");
    sample.query.add(new Query.Pair("X-Amz-Signature", signature));
    return sample;
  }
}
