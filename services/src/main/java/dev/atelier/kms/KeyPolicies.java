package dev.atelier.kms;

import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Partition;
import dev.atelier.kernel.Region;

/** The policies of keys that were given none. */
final class KeyPolicies {
  private KeyPolicies() {}

  /** Leaves it to the account's own policies who may use the key. */
  static String ofAccount(Partition partition, AccountId account) {
    return """
        {
          "Version" : "2012-10-17",
          "Id" : "key-default-1",
          "Statement" : [ {
            "Sid" : "Enable IAM User Permissions",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "%s"
            },
            "Action" : "kms:*",
            "Resource" : "*"
          } ]
        }""".formatted(Arn.global(partition, "iam", account, "root"));
  }

  /** Everybody of the account may use the key, but only through the service it is for. */
  static String ofService(String service, AccountId account, Region region) {
    return """
        {
          "Version" : "2012-10-17",
          "Id" : "auto-%1$s-2",
          "Statement" : [ {
            "Sid" : "Allow access through %1$s for all principals in the account",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "*"
            },
            "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey" ],
            "Resource" : "*",
            "Condition" : {
              "StringEquals" : {
                "kms:CallerAccount" : "%2$s",
                "kms:ViaService" : "%1$s.%3$s.amazonaws.com"
              }
            }
          }, {
            "Sid" : "Allow direct access to key metadata to the account",
            "Effect" : "Allow",
            "Principal" : {
              "AWS" : "%4$s"
            },
            "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*" ],
            "Resource" : "*"
          } ]
        }""".formatted(service, account.value(), region.name(),
        Arn.global(region.partition(), "iam", account, "root"));
  }
}
