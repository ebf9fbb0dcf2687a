package dev.modelflow.cli;

import dev.modelflow.cli.export.ExportException;
import dev.modelflow.cli.export.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gguf",
    description = "Writes a model as the one file that llama.cpp and LM Studio load.",
    footer = {"", "Example: modelflow gguf ~/.modelflow/releases/01k... model.gguf --type q8_0"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GgufCommand extends Base {
  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "A release's or checkpoint's folder, with its tokenizer.")
  private Path folder;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      arity = "0..1",
      description = "What to write; without it, FOLDER's name and the type, here.")
  private @Nullable Path file;

  @Option(
      names = "--type",
      defaultValue = "bf16",
      description = "Of the matrices: f32, f16, bf16 or q8_0; without it, bf16.")
  private String type;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("There is no folder " + folder);
    }
    Path target = file == null ? named() : file;
    GgufFile gguf = gguf();
    try {
      gguf.write(folder, target);
    } catch (ExportException failure) {
      tell(String.valueOf(failure.getMessage()));
      return 1;
    }
    long bytes = Files.size(target);
    if (json) {
      sayJson(Map.of("file", target.toString(), "bytes", bytes));
    } else {
      say("Wrote %s, %,d bytes".formatted(target, bytes));
    }
    return 0;
  }

  private GgufFile gguf() {
    try {
      return GgufFile.of(type);
    } catch (IllegalArgumentException wrong) {
      throw new UsageException("--type is " + wrong.getMessage());
    }
  }

  private Path named() {
    return Path.of(folder.toAbsolutePath().normalize().getFileName() + "-" + type + ".gguf");
  }
}
