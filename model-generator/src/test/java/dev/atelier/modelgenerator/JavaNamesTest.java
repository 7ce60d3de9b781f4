package dev.atelier.modelgenerator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaNamesTest {
  @ParameterizedTest
  @CsvSource({"TrainingJobName,trainingJobName", "VPCConfig,vpcConfig", "ETag,eTag", "S3Uri,s3Uri", "ACL,acl",
      "logGroupName,logGroupName", "Default,default_", "HashCode,hashCode_"})
  void members(String member, String name) {
    assertThat(JavaNames.member(member)).isEqualTo(name);
  }

  @Test
  void typesThatWouldHideJavaLang() {
    assertThat(JavaNames.type(Service.S3, "Object")).isEqualTo("S3Object");
    assertThat(JavaNames.type(Service.LOGS, "logStream")).isEqualTo("LogStream");
  }
}
