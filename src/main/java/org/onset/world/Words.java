package org.onset.world;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The words that fill the slots of templates. Goods, hazards, substances and places are invented;
 * no list shares a word with another, so a word tells its kind.
 */
final class Words {
  private Words() {}

  static final List<String> GOODS =
      words(
          "pimble torvin sunnet marfle dobbet lannel wispel cordle hambry glimmen fennish tarpel",
          "brommel nuffet ossy velkin jorrel yambit kestle rundle apsel merrit dunnock sillow");

  static final List<String> HAZARDS =
      words(
          "zorgat krelm vexil drouk skorb morvex gritch thrask nulgar vormik",
          "brakka gorvath snorv hexor drozz kragul mulzor jaxil vorpen skelb",
          "zhurn ragdol threx gnarl ulvok crothe yaggar blorn zaddle fraxil");

  static final List<String> SUBSTANCES =
      words(
          "velm orsap tindle brask quelp loruf mesk dranne fyle gorsel hupper jasmel kerrow luven",
          "motlin narf oskin pellow quarn rastle sorrin tulver umbrel vask wendle yarrel zimmen",
          "aldap bernk corvil dwelm eskelm");

  static final List<String> VESSELS =
      words("kettle pot pan bowl jar crock basin tub barrel cauldron");

  static final List<String> VERBS =
      words("grind boil stir roast soak press steam bake chop melt knead");

  static final List<String> PLACES =
      words(
          "aldmoor birkholm carrowby dunfell elmsgate farrowick gildern hollowmere ixby kestrelton",
          "lindrow marshend");

  static final List<String> NAMES =
      words("anton emil frida greta hugo jonas lena mara nora otto piet tilda");

  static final List<String> COLOURS = words("red blue green yellow white black grey purple brown");
  static final List<String> TASTES = words("sweet sour salty bitter sharp mild smoky nutty creamy");
  static final List<String> GUILDS =
      words("weavers smiths millers potters dyers carters fishers bakers");

  static final List<String> EFFECTS =
      words("headaches coughs shivers itches hiccups blisters nightmares cramps rashes");
  static final List<String> HERBS =
      words("mint sage thyme basil clover fennel nettle dill lavender");
  static final List<String> SIGNS = words("smoke foam dust mist frost soot rust slime glitter");

  static final List<String> ITEMS = words("apples coins pots shells buttons stones");
  static final int MAX_NUMBER = 24;
  static final List<String> NUMBERS =
      IntStream.rangeClosed(1, MAX_NUMBER).mapToObj(Integer::toString).toList();

  static List<String> words(String... lines) {
    return List.of(String.join(" ", lines).split(" "));
  }
}
