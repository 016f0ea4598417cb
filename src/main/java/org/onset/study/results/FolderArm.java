package org.onset.study.results;

import org.jspecify.annotations.Nullable;

/**
 * A model that was trained elsewhere and stands as an arm.
 *
 * @param path relative to the study file in results, to the working folder in plans
 * @param sha256 of the names and contents of the folder's files
 * @param trainedTokens what it was trained on; null where nobody says
 */
public record FolderArm(
    String arm,
    String path,
    String sha256,
    long parameters,
    int vocabSize,
    int contextLength,
    @Nullable Long trainedTokens) {}
