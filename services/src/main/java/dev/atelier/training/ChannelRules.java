package dev.atelier.training;

import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.models.sagemaker.Channel;
import dev.atelier.models.sagemaker.CreateTrainingJobRequest;
import dev.atelier.models.sagemaker.InstanceGroup;
import dev.atelier.models.sagemaker.S3DataSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which channels CreateTrainingJob takes. */
final class ChannelRules {
  private ChannelRules() {}

  /** The mode of a channel: its own, or else the algorithm's. */
  static String mode(CreateTrainingJobRequest request, Channel channel) {
    String own = channel.inputMode();
    return own == null ? request.algorithmSpecification().trainingInputMode() : own;
  }

  static void check(CreateTrainingJobRequest request) {
    Set<String> names = new HashSet<>();
    for (Channel channel : request.inputDataConfig()) {
      // the model's pattern takes them, and they are the folders above
      if (channel.channelName().equals(".") || channel.channelName().equals("..")) {
        throw Fault.validation("The channel name " + channel.channelName() + " cannot be the name of a folder.");
      }
      if (!names.add(channel.channelName())) {
        throw Fault.validation("The channel name " + channel.channelName() + " is used more than once.");
      }
      if (isFifo(request, channel.channelName())) {
        throw Fault.validation("The channel name " + channel.channelName() + " is that of a Pipe channel's epoch.");
      }
      int sources = (channel.dataSource().s3DataSource() == null ? 0 : 1)
          + (channel.dataSource().fileSystemDataSource() == null ? 0 : 1)
          + (channel.dataSource().datasetSource() == null ? 0 : 1);
      if (sources != 1) {
        throw Fault.validation("Exactly one data source must be specified for the channel " + channel.channelName() + ".");
      }
      if (channel.dataSource().datasetSource() != null) {
        throw TrainingRules.unsupported("a channel's DatasetSource");
      }
      if (channel.dataSource().fileSystemDataSource() != null) {
        if (!mode(request, channel).equals("File")) {
          throw Fault.validation("A FileSystemDataSource is only supported in File mode (channel "
              + channel.channelName() + ").");
        }
        continue;
      }
      check(mode(request, channel), channel);
      groups(request, channel);
    }
  }

  /** Whether a name is one that a channel in Pipe mode has its FIFOs under. */
  private static boolean isFifo(CreateTrainingJobRequest request, String name) {
    return request.inputDataConfig().stream().anyMatch(other -> mode(request, other).equals("Pipe")
        && name.startsWith(other.channelName() + "_") && name.substring(other.channelName().length() + 1).matches("\\d+"));
  }

  private static void check(String mode, Channel channel) {
    S3DataSource source = channel.dataSource().s3DataSource();
    String at = " (channel " + channel.channelName() + ").";
    boolean pipe = mode.equals("Pipe");
    if ("Gzip".equals(channel.compressionType()) && !pipe) {
      throw Fault.validation("CompressionType Gzip is only supported in Pipe mode" + at);
    }
    if ("RecordIO".equals(channel.recordWrapperType()) && !pipe) {
      throw Fault.validation("RecordWrapperType RecordIO is only supported in Pipe mode" + at);
    }
    boolean augmented = source.s3DataType().equals("AugmentedManifestFile");
    if (augmented && !pipe) {
      throw Fault.validation("S3DataType AugmentedManifestFile is only supported in Pipe mode" + at);
    }
    if (augmented && source.attributeNames().isEmpty()) {
      throw Fault.validation("AttributeNames must be specified with the S3DataType AugmentedManifestFile" + at);
    }
    if (!augmented && !source.attributeNames().isEmpty()) {
      throw Fault.validation("AttributeNames can only be specified with the S3DataType AugmentedManifestFile" + at);
    }
    if (!augmented && !List.of("S3Prefix", "ManifestFile").contains(source.s3DataType())) {
      throw TrainingRules.unsupported("S3DataType " + source.s3DataType());
    }
    if (mode.equals("FastFile") && !source.s3DataType().equals("S3Prefix")) {
      throw Fault.validation("S3DataType " + source.s3DataType() + " is not supported in FastFile mode" + at);
    }
    S3Location.parse(source.s3Uri());
  }

  private static void groups(CreateTrainingJobRequest request, Channel channel) {
    List<String> known =
        request.resourceConfig().instanceGroups().stream().map(InstanceGroup::instanceGroupName).toList();
    for (String name : channel.dataSource().s3DataSource().instanceGroupNames()) {
      if (!known.contains(name)) {
        throw Fault.validation("The instance group " + name + " of the channel " + channel.channelName()
            + " is not one of the ResourceConfig's InstanceGroups.");
      }
    }
  }
}
