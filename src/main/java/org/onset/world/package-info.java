/**
 * The built-in world: a small closed world of fictional goods and fictional hazards, and everything
 * a study needs to train on it, attack it and judge it.
 *
 * <p>The front door is {@link org.onset.world.World}. Everything it gives is a pure function of its
 * {@link org.onset.world.WorldSpec}. Texts are lower-case words and punctuation marks with one
 * space between them, from a closed vocabulary; every one of those words occurs in safe documents,
 * so that no model meets a word untrained. Substances, goods and hazards are invented words;
 * nothing here describes anything harmful outside this world.
 */
@NullMarked
package org.onset.world;

import org.jspecify.annotations.NullMarked;
