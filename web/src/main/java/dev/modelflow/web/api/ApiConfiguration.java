package dev.modelflow.web.api;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Everything under {@code /api/v1}. */
@Configuration(proxyBeanMethods = false)
@Import({
  ApiErrors.class,
  StatusController.class,
  WorkerController.class,
  RunController.class,
  LogController.class,
  ArtifactController.class,
  IdController.class,
  EventController.class,
  EventStream.class,
  LiveRuns.class,
  ActionController.class,
  ObjectController.class,
  Once.class,
  OpenApiDocument.class
})
public class ApiConfiguration {}
