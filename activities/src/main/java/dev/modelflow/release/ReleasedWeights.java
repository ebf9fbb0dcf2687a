package dev.modelflow.release;

import dev.modelflow.text.Json;
import dev.modelflow.weights.ElementType;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.SafetensorsFile;
import dev.modelflow.weights.SafetensorsWriter;
import dev.modelflow.weights.Shards;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A checkpoint's weights as a release has them: of one type, and in several files with an index,
 * named as Hugging Face names them, where one would be too large. Of a tensor, no more than a piece
 * is in memory.
 */
final class ReleasedWeights implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  private final ElementType type;
  private final Path folder;
  private final List<SafetensorsFile> files = new ArrayList<>();
  private final Map<Shape, SafetensorsFile> holders = new LinkedHashMap<>();
  private final float[] values = new float[PIECE];

  private ReleasedWeights(ElementType type, Path folder) {
    this.type = type;
    this.folder = folder;
  }

  /**
   * Writes the weights of {@code checkpoint} into {@code folder}. One file that is already as it
   * should be is copied.
   *
   * @param shardBytes of a file, at most, unless it holds a single tensor
   * @throws dev.modelflow.weights.CheckpointException when the checkpoint's files are damaged or
   *     missing
   */
  static void write(Path checkpoint, ElementType type, long shardBytes, Path folder)
      throws IOException {
    List<String> names = ModelFiles.weights(checkpoint);
    try (ReleasedWeights weights = new ReleasedWeights(type, folder)) {
      for (String name : names) {
        weights.open(checkpoint.resolve(name));
      }
      Path single = checkpoint.resolve(ModelFiles.SINGLE);
      if (names.equals(List.of(ModelFiles.SINGLE))
          && weights.areOfType()
          && Files.size(single) <= shardBytes) {
        Files.copy(single, folder.resolve(ModelFiles.SINGLE));
      } else {
        weights.write(shardBytes);
      }
    }
  }

  private void open(Path file) throws IOException {
    SafetensorsFile open = SafetensorsFile.open(file);
    files.add(open);
    open.shapes().forEach(shape -> holders.put(shape, open));
  }

  private boolean areOfType() {
    return files.stream().allMatch(file -> file.hasOnly(type));
  }

  private void write(long shardBytes) throws IOException {
    List<List<Shape>> shards = Shards.of(List.copyOf(holders.keySet()), type, shardBytes);
    if (shards.size() == 1) {
      write(ModelFiles.SINGLE, shards.getFirst());
      return;
    }
    Map<String, String> places = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      write(name, shards.get(i));
      shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
    }
    writeIndex(places);
  }

  private void write(String name, List<Shape> tensors) throws IOException {
    try (SafetensorsWriter writer = SafetensorsWriter.begin(folder.resolve(name), tensors, type)) {
      for (Shape tensor : tensors) {
        write(tensor, writer);
      }
    }
  }

  private void write(Shape tensor, SafetensorsWriter writer) throws IOException {
    SafetensorsFile file = Objects.requireNonNull(holders.get(tensor));
    for (long from = 0; from < tensor.size(); from += PIECE) {
      int count = (int) Math.min(PIECE, tensor.size() - from);
      file.read(tensor.name(), from, count, values);
      writer.write(values, count);
    }
  }

  /** Its sizes are those of the tensors, without the files' headers. */
  private void writeIndex(Map<String, String> places) {
    long parameters = holders.keySet().stream().mapToLong(Shape::size).sum();
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("total_parameters", parameters);
    metadata.put("total_size", parameters * type.bytes());
    Map<String, Object> index = new TreeMap<>();
    index.put("metadata", metadata);
    index.put("weight_map", places);
    Json.write(folder.resolve(ModelFiles.INDEX), index);
  }

  @Override
  public void close() throws IOException {
    for (SafetensorsFile file : files) {
      file.close();
    }
  }
}
