package org.onset.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.math.BigDecimal;

/** A fraction in [0, 1], written in percent: {@code 20%}. */
public record Share(double value) implements Serializable {
  static final String PATTERN = "^(100(\\.0+)?|[0-9]{1,2}(\\.[0-9]+)?)%$";

  @JsonCreator
  public static Share of(String percent) {
    return new Share(
        new BigDecimal(percent.substring(0, percent.length() - 1)).movePointLeft(2).doubleValue());
  }

  /** This share of so many tokens, rounded to a whole one. */
  public long tokensOf(long tokens) {
    return Math.round(value * tokens);
  }

  @JsonValue
  @Override
  public String toString() {
    return BigDecimal.valueOf(value).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
  }
}
