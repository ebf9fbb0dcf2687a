package dev.modelflow.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.objects.Folders;
import dev.modelflow.text.Json;
import dev.modelflow.weights.ElementType;
import dev.modelflow.weights.ModelFiles;
import dev.modelflow.weights.Safetensors;
import dev.modelflow.weights.Safetensors.Shape;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import tools.jackson.databind.JsonNode;

/** Of any tensors and any bound. */
class ReleasedWeightsTest {
  private Path root = Path.of(".");

  @BeforeTry
  void begin() throws IOException {
    root = Files.createTempDirectory("released");
    Files.createDirectory(root.resolve("checkpoint"));
    Files.createDirectory(root.resolve("release"));
  }

  @AfterTry
  void remove() throws IOException {
    Folders.delete(root);
  }

  @Property(tries = 100)
  void everyTensorIsInOneFileAndNoFileIsLargerThanItMustBe(
      @ForAll @Size(max = 9) List<@IntRange(max = 300) Integer> sizes,
      @ForAll ElementType type,
      @ForAll @IntRange(min = 1, max = 3000) int most)
      throws IOException {
    Map<Shape, float[]> tensors = tensors(sizes);
    Safetensors.write(root.resolve("checkpoint/model.safetensors"), tensors);

    Path release = root.resolve("release");
    ReleasedWeights.write(root.resolve("checkpoint"), type, most, release);

    Map<String, String> places = new LinkedHashMap<>();
    for (String name : ModelFiles.weights(release)) {
      Map<String, float[]> read = TensorFiles.read(release.resolve(name));
      assertThat(read.size() < 2 || Files.size(release.resolve(name)) <= most).isTrue();
      read.forEach((tensor, _) -> assertThat(places.put(tensor, name)).isNull());
      tensors.forEach(
          (shape, values) -> {
            if (read.containsKey(shape.name())) {
              // Whole numbers up to 256 are the same in every type.
              assertThat(read.get(shape.name())).containsExactly(values);
            }
          });
    }
    assertThat(places.keySet())
        .containsExactlyElementsOf(tensors.keySet().stream().map(Shape::name).toList());
    assertIndexed(release, places, type, sizes.stream().mapToLong(size -> size).sum());
  }

  private static Map<Shape, float[]> tensors(List<Integer> sizes) {
    Map<Shape, float[]> tensors = new LinkedHashMap<>();
    for (int size : sizes) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (tensors.size() + i) % 257;
      }
      tensors.put(new Shape("tensor." + tensors.size(), List.of((long) size)), values);
    }
    return tensors;
  }

  private static void assertIndexed(
      Path release, Map<String, String> places, ElementType type, long parameters)
      throws IOException {
    List<String> files = ModelFiles.weights(release);
    try (var all = Files.list(release)) {
      assertThat(all.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(ModelFiles.names(release));
    }
    if (files.equals(List.of("model.safetensors"))) {
      return;
    }
    for (int i = 0; i < files.size(); i++) {
      assertThat(files.get(i))
          .isEqualTo("model-%05d-of-%05d.safetensors".formatted(i + 1, files.size()));
    }
    JsonNode index = Json.read(release.resolve("model.safetensors.index.json"));
    assertThat(index.path("metadata").path("total_parameters").asLong()).isEqualTo(parameters);
    assertThat(index.path("metadata").path("total_size").asLong())
        .isEqualTo(parameters * type.bytes());
    Map<String, String> map = new LinkedHashMap<>();
    index
        .path("weight_map")
        .properties()
        .forEach(it -> map.put(it.getKey(), it.getValue().asString()));
    assertThat(map).isEqualTo(places);
  }
}
