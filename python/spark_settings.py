"""Files that Spark reads at its start: from what Atelier sets, and from the classifications of EMR that a job brings."""

import os
import xml.sax.saxutils as xml

# which file each of EMR's classifications means; those of YARN mean nothing where there is none
FILES = {
    "spark-defaults": "spark-defaults.conf", "core-site": "core-site.xml", "hive-site": "hive-site.xml",
    "spark-hive-site": "hive-site.xml", "spark-log4j": "log4j2.properties", "spark-metrics": "metrics.properties",
    "hadoop-log4j": None, "hive-log4j": None, "hive-exec-log4j": None, "yarn-site": None,
}
VARIABLES = ("spark-env", "hadoop-env", "hive-env", "yarn-env")


class UnknownClassification(ValueError):
    """A configuration names something that no file of Spark's stands for."""


def classified(configuration):
    """Properties by file, and variables, of a configuration: a classification or a list of them.

    Each has ``Classification``, ``Properties`` and, for variables, nested ``Configurations`` named ``export``, as in the
    EMR release guide, "Configure applications". Raises UnknownClassification.
    """
    files, variables, left_out = {}, {}, []
    for each in configuration if isinstance(configuration, list) else [configuration]:
        name = each.get("Classification")
        if name in VARIABLES:
            for nested in each.get("Configurations", []):
                if nested.get("Classification") == "export":
                    variables.update(nested.get("Properties", {}))
        elif name not in FILES:
            raise UnknownClassification("the classification %r is not one of %s"
                                        % (name, ", ".join(sorted([*FILES, *VARIABLES]))))
        elif FILES[name] is None:
            left_out.append(name)
        else:
            files.setdefault(FILES[name], {}).update(each.get("Properties", {}))
    return files, variables, left_out


def object_store(environment):
    """How Hadoop's S3A reaches S3, for s3://, s3a:// and s3n:// alike, as the job's role."""
    settings = {
        "fs.s3a.path.style.access": "true",
        "fs.s3a.endpoint.region": environment.get("AWS_REGION", "us-east-1"),
    }
    for scheme in ("s3", "s3a", "s3n"):
        settings["fs.%s.impl" % scheme] = "org.apache.hadoop.fs.s3a.S3AFileSystem"
    if environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL"):
        settings["fs.s3a.endpoint"] = environment.get("AWS_ENDPOINT_URL_S3") or environment["AWS_ENDPOINT_URL"]
    if environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        settings["fs.s3a.aws.credentials.provider"] = \
            "software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider"
    return settings


def write(folder, files):
    """Writes the files of properties, in the form that each one's name asks for."""
    os.makedirs(folder, exist_ok=True)
    for name, properties in files.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            if name.endswith(".xml"):
                out.write("<configuration>\n")
                for key, value in properties.items():
                    out.write("<property><name>%s</name><value>%s</value></property>\n"
                              % (xml.escape(key), xml.escape(str(value))))
                out.write("</configuration>\n")
            else:
                join = " " if name.endswith(".conf") else "="
                for key, value in properties.items():
                    out.write("%s%s%s\n" % (key, join, str(value).replace("\n", "\\n")))
