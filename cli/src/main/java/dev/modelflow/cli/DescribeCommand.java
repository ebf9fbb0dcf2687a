package dev.modelflow.cli;

import dev.modelflow.cli.published.PublishedException;
import dev.modelflow.cli.published.PublishedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "describe",
    description = {
      "Prints the recipe of a flow that begins with a published model: its shape, and the digest of",
      "every file that the import reads. Write the other stages behind it."
    },
    footer = {
      "",
      "Example: modelflow describe ~/models/Olmo-3-7B --model allenai/Olmo-3-1025-7B > mine.yaml"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DescribeCommand extends Base {
  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "A model's folder in Hugging Face's layout; workers read it at this path.")
  private Path folder;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Its name on the hub, for audits and model cards.")
  private @Nullable String model;

  @Option(
      names = "--licence",
      paramLabel = "LICENCE",
      description = "Of its weights, for audits and model cards.")
  private @Nullable String licence;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("There is no folder " + folder);
    }
    PublishedModel published;
    try {
      published =
          PublishedModel.of(folder, about(), file -> tell("Digest of " + file.getFileName()));
    } catch (PublishedException refused) {
      tell(String.valueOf(refused.getMessage()));
      return 1;
    }
    published.left().forEach(this::tell);
    if (json) {
      sayJson(published.tree());
    } else {
      out().print(published.recipe());
      out().flush();
    }
    return 0;
  }

  private Map<String, String> about() {
    Map<String, String> about = new LinkedHashMap<>();
    if (model != null) {
      about.put("model", model);
    }
    if (licence != null) {
      about.put("licence", licence);
    }
    return about;
  }
}
