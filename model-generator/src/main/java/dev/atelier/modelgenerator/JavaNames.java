package dev.atelier.modelgenerator;

import java.util.Set;
import javax.lang.model.SourceVersion;

/** Java's names for the models' names. */
final class JavaNames {
  private static final Set<String> TAKEN = Set.of("hashCode", "toString", "equals", "notify", "notifyAll", "wait",
      "getClass", "clone", "finalize", "toDocument", "fromDocument", "toBuilder", "builder", "build");
  private static final Set<String> SHADOWING = Set.of("Object", "Error", "Record", "String", "Integer", "Long",
      "Float", "Double", "Boolean", "Override", "List", "Map", "Iterable", "Module", "Process", "Package");

  private JavaNames() {}

  /** The record of a structure; names that would hide one of java.lang get the service's name in front. */
  static String type(Service service, String shape) {
    String name = Character.toUpperCase(shape.charAt(0)) + shape.substring(1);
    return SHADOWING.contains(name) ? service.prefix() + name : name;
  }

  /** lowerCamel with leading acronyms lowered as a whole: VPCConfig gives vpcConfig, ETag gives eTag. */
  static String member(String member) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < member.length(); i++) {
      char c = member.charAt(i);
      name.append(Character.isJavaIdentifierPart(c) ? c : '_');
    }
    int run = 0;
    while (run < name.length() && Character.isUpperCase(name.charAt(run))) {
      run++;
    }
    boolean wordFollows = run < name.length() && Character.isLowerCase(name.charAt(run));
    int lowered = run > 1 && wordFollows ? run - 1 : run;
    for (int i = 0; i < lowered; i++) {
      name.setCharAt(i, Character.toLowerCase(name.charAt(i)));
    }
    String result = name.toString();
    return SourceVersion.isKeyword(result) || TAKEN.contains(result) ? result + "_" : result;
  }
}
