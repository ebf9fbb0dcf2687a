package dev.modelflow.web.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Adds to the OpenAPI document what holds for every request: tokens, keys, refusals, examples. */
final class OpenApiDocument implements OpenApiCustomizer {
  private static final String PROBLEM = "Problem";
  private static final Map<String, String> REFUSALS =
      new TreeMap<>(
          Map.of(
              "400", "The request is malformed; 'detail' says what was wrong.",
              "401", "The token is missing or not known.",
              "403", "A session sent no valid CSRF token.",
              "404", "What the path names does not exist.",
              "500", "The server failed; trying again may help."));

  /** What is done once for each key; see {@link Once}. */
  private static final Set<String> ONCE =
      Set.of(
          "POST /api/v1/runs",
          "POST /api/v1/runs/{id}/branch",
          "POST /api/v1/runs/{id}/rerun",
          "POST /api/v1/runs/{id}/cancel");

  private final JsonNode examples;

  OpenApiDocument(JsonMapper json) {
    try (InputStream file = new ClassPathResource("openapi-examples.json").getInputStream()) {
      this.examples = json.readTree(file);
    } catch (IOException missing) {
      throw new UncheckedIOException("The examples are part of this program", missing);
    }
  }

  @Override
  public void customise(OpenAPI document) {
    document.info(
        new Info()
            .title("Modelflow")
            .version("1")
            .description(
                "Start, watch, branch and rerun flows that make language models, and ask where"
                    + " each artifact came from. A POST that starts or cancels a run takes an"
                    + " Idempotency-Key: a repeat with the same key and body gets the first answer,"
                    + " and does nothing twice.")
            .license(new License().name("Apache-2.0")));
    document.servers(List.of(new Server().url("/")));
    Components components = document.getComponents();
    components.addSecuritySchemes(
        "token", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"));
    document.addSecurityItem(new SecurityRequirement().addList("token"));
    components.addSchemas(PROBLEM, problem());
    document
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach((method, operation) -> complete(operation, method + " " + path)));
  }

  private void complete(Operation operation, String address) {
    REFUSALS.forEach(
        (status, meaning) -> operation.getResponses().addApiResponse(status, refusal(meaning)));
    if (ONCE.contains(address)) {
      operation.addParametersItem(
          new HeaderParameter()
              .name("Idempotency-Key")
              .required(true)
              .description("A fresh random text; the same one when a request is repeated")
              .schema(new StringSchema().maxLength(200))
              .example("5f0c0f5e-2f6c-4a55-9d53-2a2a1f0f6c11"));
    }
    if (address.startsWith("POST")) {
      operation.getResponses().addApiResponse("413", refusal("The body is larger than 1 MiB."));
      operation
          .getResponses()
          .addApiResponse(
              "422",
              refusal(
                  "The recipe cannot run, and 'problems' lists why; or the key was used for another"
                      + " request."));
    }
    exemplify(operation, examples.path(address));
  }

  private static void exemplify(Operation operation, JsonNode example) {
    if (example.has("request") && operation.getRequestBody() != null) {
      set(operation.getRequestBody().getContent(), example.get("request"));
    }
    if (example.has("response")) {
      operation
          .getResponses()
          .forEach(
              (status, response) -> {
                if (status.startsWith("2") && response.getContent() != null) {
                  set(response.getContent(), example.get("response"));
                }
              });
    }
  }

  private static void set(Content content, JsonNode example) {
    Object value =
        example.isString()
            ? example.asString()
            : JsonMapper.shared().treeToValue(example, Object.class);
    content.values().forEach(type -> type.setExample(value));
  }

  private static ApiResponse refusal(String meaning) {
    return new ApiResponse()
        .description(meaning)
        .content(
            new Content()
                .addMediaType(
                    "application/problem+json",
                    new MediaType()
                        .schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM))));
  }

  private static Schema<?> problem() {
    Schema<?> place =
        new ObjectSchema()
            .addProperty("file", new StringSchema())
            .addProperty("line", new IntegerSchema().description("From 1; 0 outside the text"))
            .addProperty("column", new IntegerSchema())
            .addProperty("path", new StringSchema().example("stages.pretrain.steps"))
            .addProperty("message", new StringSchema())
            .addProperty("nearest", new StringSchema().description("A valid word that is close"));
    return new ObjectSchema()
        .description("RFC 9457")
        .addProperty("title", new StringSchema())
        .addProperty("status", new IntegerSchema())
        .addProperty("detail", new StringSchema().description("One sentence for people"))
        .addProperty("instance", new StringSchema())
        .addProperty("problems", new ArraySchema().items(place));
  }
}
