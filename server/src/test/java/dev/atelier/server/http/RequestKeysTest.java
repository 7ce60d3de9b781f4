package dev.atelier.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.atelier.wire.WireResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Condition keys that requests fill, seen in what a deny that names them stops. */
final class RequestKeysTest extends PlatformTest {
  private static final String JSON = "application/x-amz-json-1.1";

  private void deny(String action, String condition) {
    String document = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"" + action
        + "\",\"Resource\":\"*\",\"Condition\":" + condition + "}]}";
    String form = "Action=PutUserPolicy&Version=2010-05-08&UserName=admin&PolicyName=deny&PolicyDocument="
        + URLEncoder.encode(document, StandardCharsets.UTF_8);
    assertThat(platform.send("POST", "/", Map.of("Content-Type", "application/x-www-form-urlencoded"),
        form.getBytes(StandardCharsets.UTF_8), "iam").status()).isEqualTo(200);
  }

  private WireResponse json(String target, String body, String service) {
    return platform.send("POST", "/", Map.of("Content-Type", JSON, "X-Amz-Target", target),
        body.getBytes(StandardCharsets.UTF_8), service);
  }

  private static String text(WireResponse response) {
    return new String(((WireResponse.Bytes) response.body()).value(), StandardCharsets.UTF_8);
  }

  private void denied(WireResponse response, String action) {
    assertThat(text(response)).contains("AccessDenied", "is not authorized to perform: " + action,
        "with an explicit deny in an identity-based policy");
  }

  private int put(String key, Map<String, String> headers) {
    return platform.send("PUT", "/bucket/" + key, headers, new byte[] {1}, "s3").status();
  }

  @Test
  void aKeyIsUsedBySomeServiceOrDirectly() {
    String made = text(json("TrentService.CreateKey", "{}", "kms"));
    String id = made.replaceAll("(?s).*\"KeyId\":\"([^\"]+)\".*", "$1");
    assertThat(platform.send("PUT", "/bucket", Map.of(), new byte[0], "s3").status()).isEqualTo(200);
    Map<String, String> encrypted = Map.of("x-amz-server-side-encryption", "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id", id);
    String direct = "{\"KeyId\":\"" + id + "\",\"KeySpec\":\"AES_256\"}";
    assertThat(put("a", encrypted)).isEqualTo(200);
    deny("kms:*", "{\"Bool\":{\"aws:ViaAWSService\":\"true\"}}");
    assertThat(put("b", encrypted)).isEqualTo(403);
    assertThat(json("TrentService.GenerateDataKey", direct, "kms").status()).isEqualTo(200);
    deny("kms:*", "{\"Bool\":{\"aws:ViaAWSService\":\"false\"}}");
    assertThat(put("b", encrypted)).isEqualTo(200);
    denied(json("TrentService.GenerateDataKey", direct, "kms"), "kms:GenerateDataKey");
  }

  @Test
  void aNewKeyOfAKindCanBeDenied() {
    deny("kms:CreateKey", "{\"StringEquals\":{\"kms:KeyUsage\":\"SIGN_VERIFY\"}}");
    denied(json("TrentService.CreateKey", "{\"KeyUsage\":\"SIGN_VERIFY\",\"KeySpec\":\"RSA_2048\"}", "kms"),
        "kms:CreateKey");
    assertThat(json("TrentService.CreateKey", "{}", "kms").status()).isEqualTo(200);
  }

  @Test
  void anEndpointsModelIsKnown() {
    deny("sagemaker:CreateEndpointConfig",
        "{\"ForAnyValue:StringLike\":{\"sagemaker:ModelArn\":\"arn:aws:sagemaker:*:*:model/secret\"}}");
    String config = "{\"EndpointConfigName\":\"c\",\"ProductionVariants\":[{\"VariantName\":\"v\",\"ModelName\":\"%s\","
        + "\"InstanceType\":\"ml.t2.medium\",\"InitialInstanceCount\":1}]}";
    denied(json("SageMaker.CreateEndpointConfig", config.formatted("Secret"), "sagemaker"),
        "sagemaker:CreateEndpointConfig");
    assertThat(text(json("SageMaker.CreateEndpointConfig", config.formatted("open"), "sagemaker")))
        .doesNotContain("AccessDenied");
  }

  @Test
  void aNotebookInstancesScriptsAreKnown() {
    deny("sagemaker:CreateNotebookInstance", "{\"ForAnyValue:StringLike\":{\"sagemaker:"
        + "NotebookInstanceLifecycleConfigArns\":\"arn:aws:sagemaker:*:*:notebook-instance-lifecycle-config/Secret\"}}");
    String notebook = "{\"NotebookInstanceName\":\"n\",\"InstanceType\":\"ml.t3.medium\",\"LifecycleConfigName\":\"%s\","
        + "\"RoleArn\":\"arn:aws:iam::123456789012:role/service-role/AtelierExecutionRole\"}";
    denied(json("SageMaker.CreateNotebookInstance", notebook.formatted("Secret"), "sagemaker"),
        "sagemaker:CreateNotebookInstance");
    assertThat(text(json("SageMaker.CreateNotebookInstance", notebook.formatted("open"), "sagemaker")))
        .doesNotContain("AccessDenied");
  }

  @Test
  void howARequestToS3IsSignedIsKnown() {
    assertThat(platform.send("PUT", "/bucket", Map.of(), new byte[0], "s3").status()).isEqualTo(200);
    deny("s3:PutObject", "{\"StringEquals\":{\"s3:authType\":\"REST-QUERY-STRING\"}}");
    assertThat(put("a", Map.of())).isEqualTo(200);
    deny("s3:PutObject", "{\"StringEquals\":{\"s3:authType\":\"REST-HEADER\",\"s3:ResourceAccount\":\"123456789012\","
        + "\"s3:signatureversion\":\"AWS4-HMAC-SHA256\"}}");
    assertThat(put("a", Map.of())).isEqualTo(403);
    deny("s3:PutObject", "{\"StringEquals\":{\"s3:ResourceAccount\":\"999999999999\"}}");
    assertThat(put("a", Map.of())).isEqualTo(200);
  }
}
