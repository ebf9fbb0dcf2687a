package dev.modelflow.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of a folder in Hugging Face's layout that hold a model's weights. */
public final class ModelFiles {
  /** The weights where they are in one file. */
  public static final String SINGLE = "model.safetensors";

  /** Names the files where they are in several. */
  public static final String INDEX = "model.safetensors.index.json";

  private static final Set<String> PICKLES = Set.of("bin", "pt", "pth", "ckpt", "pkl");

  private ModelFiles() {}

  /**
   * The files that are read for the weights of this folder: one, or an index and then those it
   * names.
   *
   * @throws CheckpointException when there are none, or not all
   */
  public static List<String> names(Path folder) throws IOException {
    if (Files.exists(folder.resolve(SINGLE))) {
      return List.of(SINGLE);
    }
    if (Files.exists(folder.resolve(INDEX))) {
      List<String> names = new ArrayList<>(List.of(INDEX));
      names.addAll(filesOf(folder.resolve(INDEX)));
      return names;
    }
    throw new CheckpointException(missing(folder));
  }

  /**
   * Those of them that hold tensors.
   *
   * @throws CheckpointException as {@link #names}
   */
  public static List<String> weights(Path folder) throws IOException {
    return names(folder).stream().filter(name -> !name.equals(INDEX)).toList();
  }

  /** The files of an index, which must lie beside it. */
  private static List<String> filesOf(Path index) throws IOException {
    Set<String> files = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> entry : parsed(index).path("weight_map").properties()) {
      String file = entry.getValue().asString("");
      if (!file.endsWith(".safetensors") || file.contains("/") || file.contains("\\")) {
        throw new CheckpointException(
            "%s names file '%s' for tensor '%s': expected a safetensors file beside it"
                .formatted(INDEX, file, entry.getKey()));
      }
      files.add(file);
    }
    for (String file : files) {
      if (!Files.exists(index.resolveSibling(file))) {
        throw new CheckpointException(
            "%s names file '%s', which is not there: fetch it".formatted(INDEX, file));
      }
    }
    return List.copyOf(files);
  }

  private static JsonNode parsed(Path file) throws IOException {
    try {
      return JsonMapper.shared().readTree(Files.readString(file));
    } catch (JacksonException e) {
      throw new CheckpointException(
          file.getFileName() + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String missing(Path folder) throws IOException {
    UnaryOperator<String> ending = file -> file.substring(file.lastIndexOf('.') + 1);
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> Objects.toString(file.getFileName()))
          .filter(file -> PICKLES.contains(ending.apply(file)))
          .sorted()
          .findFirst()
          .map(
              file ->
                  "%s is a pickle, which could run any code and is never read: convert it to %s"
                      .formatted(file, SINGLE))
          .orElse(
              folder + " has neither " + SINGLE + " nor " + INDEX + ": is it the right folder?");
    }
  }
}
