package dev.modelflow.services;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test class of the integration suite: it uses {@link TestServices} and passes on any of
 * them. {@code ./modelflow test -Dgroups=services} runs these alone.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@org.junit.jupiter.api.Tag("services")
@net.jqwik.api.Tag("services")
public @interface UsesServices {}
