package org.onset.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * Visits a record and all it holds, and lets each {@link Checked} one say what is wrong with it.
 */
final class RecordChecks {
  private RecordChecks() {}

  static void check(@Nullable Object value, Problems problems) {
    switch (value) {
      case null -> {}
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          check(list.get(i), problems.in("[" + i + "]"));
        }
      }
      case Optional<?> optional -> check(optional.orElse(null), problems);
      case Map<?, ?> map -> map.forEach((key, inner) -> check(inner, problems.in(key.toString())));
      case Record holder -> {
        for (RecordComponent component : holder.getClass().getRecordComponents()) {
          check(read(component, holder), problems.in(declaredName(component)));
        }
        if (holder instanceof Checked checked) {
          checked.check(problems);
        }
      }
      default -> {}
    }
  }

  /** What the component is called in the declared file. */
  static String declaredName(RecordComponent component) {
    JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property == null ? component.getName() : property.value();
  }

  private static @Nullable Object read(RecordComponent component, Record holder) {
    try {
      return component.getAccessor().invoke(holder);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record's component can't be read: " + component, e);
    }
  }
}
