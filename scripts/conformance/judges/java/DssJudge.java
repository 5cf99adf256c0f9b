// EU DSS as a judge: TOTAL_PASSED for every signature, at the level that the file claims, with one trusted root and
// no network. Lists from outside are given for B-B and B-T alone: the higher levels must carry theirs.
// Arguments: manifest, root, folder with lists. Prints path, accepted or refused, reason.

import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

public class DssJudge {
  public static void main(String[] args) throws Exception {
    File[] lists = new File(args[2]).listFiles((folder, name) -> name.endsWith(".crl"));
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    trusted.addCertificate(DSSUtils.loadCertificate(new File(args[1])));
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] about = line.split("\t");
      String reason;
      try {
        reason = check(about, trusted, lists);
      } catch (Exception | Error failure) {
        reason = failure.toString();
      }
      String word = reason == null ? "accepted" : "refused";
      System.out.println(about[0] + "\t" + word + "\t" + (reason == null ? "" : reason.replaceAll("[\\n\\t]", " ")));
    }
  }

  static String check(String[] about, CommonTrustedCertificateSource trusted, File[] lists) {
    String level = about[1];
    int wanted = Integer.parseInt(about[2]);
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    if (level.equals("B-B") || level.equals("B-T")) {
      verifier.setCrlSource(new ExternalResourcesCRLSource(
          Arrays.stream(lists).map(file -> (eu.europa.esig.dss.model.DSSDocument) new FileDocument(file))
              .toArray(eu.europa.esig.dss.model.DSSDocument[]::new)));
    }
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(about[0]));
    validator.setCertificateVerifier(verifier);
    Reports reports = validator.validateDocument();
    SimpleReport simple = reports.getSimpleReport();
    List<String> ids = simple.getSignatureIdList();
    List<String> ours = about[4].equals("foreign") ? ids.subList(Math.max(0, ids.size() - wanted), ids.size()) : ids;
    if (ours.size() != wanted) return ours.size() + " signatures were found";
    for (String id : ours) {
      if (simple.getIndication(id) != Indication.TOTAL_PASSED) {
        return simple.getIndication(id) + " " + simple.getSubIndication(id) + " "
            + simple.getAdESValidationErrors(id).stream().map(Object::toString).toList()
            + simple.getAdESValidationErrors(id).stream().map(m -> m.getValue()).toList();
      }
      String found = String.valueOf(simple.getSignatureFormat(id));
      if (!found.equals("PAdES-BASELINE-" + level.substring(2))) return "its level is " + found;
    }
    for (String id : simple.getTimestampIdList()) {
      Indication indication = simple.getIndication(id);
      if (!about[4].equals("foreign") && indication != Indication.PASSED && indication != Indication.TOTAL_PASSED) {
        return "timestamp " + indication + " " + simple.getSubIndication(id)
            + simple.getAdESValidationErrors(id).stream().map(m -> m.getValue()).toList();
      }
    }
    return null;
  }
}
