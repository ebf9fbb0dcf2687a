package dev.modelflow.web;

import dev.modelflow.web.config.WebConfig;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A running web server; {@link #close} stops it. */
public final class WebApplication implements AutoCloseable {
  private final ServletWebServerApplicationContext context;
  private final WebConfig config;

  private WebApplication(ServletWebServerApplicationContext context, WebConfig config) {
    this.context = context;
    this.config = config;
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @throws org.springframework.boot.web.server.PortInUseException when another process listens
   *     there
   */
  public static WebApplication start(WebConfig config) {
    SpringApplication application = new SpringApplication(WebConfiguration.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddCommandLineProperties(false);
    // Logging belongs to the process that this server is a part of.
    application.setListeners(
        application.getListeners().stream()
            .filter(listener -> !(listener instanceof LoggingApplicationListener))
            .toList());
    application.addInitializers(
        context ->
            ((GenericApplicationContext) context).registerBean(WebConfig.class, () -> config));
    application.setDefaultProperties(properties(config));
    return new WebApplication((ServletWebServerApplicationContext) application.run(), config);
  }

  /** The port that it listens on. */
  public int port() {
    return Objects.requireNonNull(context.getWebServer(), "A started server has one").getPort();
  }

  /** The dashboard's address. */
  public URI address() {
    String host = config.address().contains(":") ? "[" + config.address() + "]" : config.address();
    return URI.create("http://" + host + ":" + port() + "/");
  }

  /** What it is made of. */
  ApplicationContext context() {
    return context;
  }

  @Override
  public void close() {
    context.close();
  }

  private static Map<String, Object> properties(WebConfig config) {
    return Map.ofEntries(
        Map.entry("server.address", config.address()),
        Map.entry("server.port", config.port()),
        Map.entry("server.shutdown", "immediate"),
        Map.entry("server.servlet.session.timeout", "12h"),
        Map.entry("server.servlet.session.cookie.name", "modelflow"),
        Map.entry("server.servlet.session.cookie.http-only", true),
        Map.entry("server.servlet.session.cookie.same-site", "strict"),
        Map.entry("server.servlet.session.tracking-modes", "cookie"),
        Map.entry("server.tomcat.max-http-form-post-size", "1MB"),
        Map.entry("server.tomcat.max-swallow-size", "2MB"),
        Map.entry("server.max-http-request-header-size", "16KB"),
        Map.entry("server.compression.enabled", true),
        Map.entry("spring.threads.virtual.enabled", true),
        Map.entry("spring.main.lazy-initialization", true),
        Map.entry("spring.jmx.enabled", false),
        Map.entry("spring.mvc.problemdetails.enabled", false),
        Map.entry("spring.servlet.multipart.enabled", false),
        Map.entry("spring.web.resources.static-locations", "classpath:/static/"),
        Map.entry("spring.web.resources.cache.cachecontrol.no-cache", true),
        Map.entry("spring.thymeleaf.check-template-location", false),
        Map.entry("spring.thymeleaf.enable-spring-el-compiler", true),
        Map.entry("spring.thymeleaf.servlet.produce-partial-output-while-processing", false),
        Map.entry("springdoc.api-docs.path", "/api/v1/openapi.json"),
        Map.entry("springdoc.paths-to-match", "/api/v1/**"),
        Map.entry("springdoc.override-with-generic-response", false),
        Map.entry("springdoc.default-produces-media-type", "application/json"));
  }
}
