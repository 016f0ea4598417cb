package org.onset;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Runs a {@link ParameterizedTest} once per seed with a fresh generator; a failing test's name
 * holds its seed.
 */
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(Repetitions.Generators.class)
public @interface Repetitions {
  int value();

  final class Generators implements ArgumentsProvider, AnnotationConsumer<Repetitions> {
    private int count;

    @Override
    public void accept(Repetitions repetitions) {
      count = repetitions.value();
    }

    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      return LongStream.range(0, count)
          .mapToObj(seed -> Arguments.of(Named.of("seed " + seed, new SplittableRandom(seed))));
    }
  }
}
