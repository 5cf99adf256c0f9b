// veraPDF as a judge: PDF/A-2b or 3b, as the manifest says. Prints path, accepted or refused, reason.

import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class VeraPdfJudge {
  public static void main(String[] args) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] about = line.split("\t");
      String reason;
      try {
        reason = check(about[0], PDFAFlavour.fromString(about[3]));
      } catch (Exception | Error failure) {
        reason = failure.toString();
      }
      String word = reason == null ? "accepted" : "refused";
      System.out.println(about[0] + "\t" + word + "\t" + (reason == null ? "" : reason.replaceAll("[\\n\\t]", " ")));
    }
  }

  static String check(String path, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(path), flavour)) {
      PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
      ValidationResult result = validator.validate(parser);
      if (result.isCompliant()) return null;
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          return assertion.getRuleId().getClause() + " " + assertion.getMessage();
        }
      }
      return "not compliant";
    }
  }
}
