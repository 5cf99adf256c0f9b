// BouncyCastle with PDFBox as a judge: strict about DER order. Checks digest, signature, certificate chain to the root
// and every timestamp of each signature. Prints path, accepted or refused, reason.

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Store;

public class BouncyJudge {
  static X509Certificate root;

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    try (FileInputStream in = new FileInputStream(args[1])) {
      root = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    for (String line : Files.readAllLines(Path.of(args[0]))) {
      String[] about = line.split("\t");
      String reason;
      try {
        reason = check(about);
      } catch (Exception | Error failure) {
        reason = failure.toString();
      }
      String word = reason == null ? "accepted" : "refused";
      System.out.println(about[0] + "\t" + word + "\t" + (reason == null ? "" : reason.replaceAll("[\\n\\t]", " ")));
    }
  }

  static String check(String[] about) throws Exception {
    byte[] file = Files.readAllBytes(Path.of(about[0]));
    int wanted = Integer.parseInt(about[2]);
    try (PDDocument document = PDDocument.load(new File(about[0]))) {
      List<PDSignature> ours = new ArrayList<>();
      for (PDSignature signature : document.getSignatureDictionaries()) {
        byte[] contents = signature.getContents(file);
        if ("ETSI.RFC3161".equals(signature.getSubFilter())) {
          String reason = checkToken(token(contents), signature.getSignedContent(file));
          if (reason != null) return "document timestamp: " + reason;
        } else {
          ours.add(signature);
        }
      }
      ours.sort((a, b) -> a.getByteRange()[2] - b.getByteRange()[2]);
      if (about[4].equals("foreign")) ours = ours.subList(Math.max(0, ours.size() - wanted), ours.size());
      if (ours.size() != wanted) return ours.size() + " signatures were found";
      for (PDSignature signature : ours) {
        String reason = checkSignature(trim(signature.getContents(file)), signature.getSignedContent(file));
        if (reason != null) return reason;
      }
    }
    return null;
  }

  static String checkSignature(byte[] der, byte[] data) throws Exception {
    CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(data), der);
    Collection<SignerInformation> signers = cms.getSignerInfos().getSigners();
    if (signers.size() != 1) return signers.size() + " signers";
    SignerInformation signer = signers.iterator().next();
    byte[] written = signer.toASN1Structure().getAuthenticatedAttributes().getEncoded();
    byte[] sorted = signer.toASN1Structure().getAuthenticatedAttributes().getEncoded(ASN1Encoding.DER);
    if (!Arrays.equals(written, sorted)) return "the signed attributes are not in DER";
    String reason = checkSigner(signer, cms.getCertificates());
    if (reason != null) return reason;
    if (signer.getUnsignedAttributes() == null) return null;
    Attribute stamp = signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
    if (stamp == null) return null;
    String wrong = checkToken(token(stamp.getAttrValues().getObjectAt(0).toASN1Primitive().getEncoded()), signer.getSignature());
    return wrong == null ? null : "timestamp: " + wrong;
  }

  static String checkSigner(SignerInformation signer, Store<X509CertificateHolder> store) throws Exception {
    @SuppressWarnings("unchecked")
    Collection<X509CertificateHolder> matches = store.getMatches(signer.getSID());
    if (matches.isEmpty()) return "the signing certificate is missing";
    X509CertificateHolder holder = matches.iterator().next();
    if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder))) return "wrong signature";
    return checkChain(holder, store);
  }

  static String checkChain(X509CertificateHolder holder, Store<X509CertificateHolder> store) throws Exception {
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter().setProvider("BC");
    X509Certificate current = converter.getCertificate(holder);
    for (int depth = 0; depth < 8; depth++) {
      current.checkValidity();
      if (current.getIssuerX500Principal().equals(root.getSubjectX500Principal())) {
        current.verify(root.getPublicKey(), "BC");
        return null;
      }
      X509Certificate issuer = null;
      for (Object candidate : store.getMatches(null)) {
        X509Certificate other = converter.getCertificate((X509CertificateHolder) candidate);
        if (other.getSubjectX500Principal().equals(current.getIssuerX500Principal())) issuer = other;
      }
      if (issuer == null) return "no chain to the root";
      current.verify(issuer.getPublicKey(), "BC");
      current = issuer;
    }
    return "the chain is too long";
  }

  static TimeStampToken token(byte[] der) throws Exception {
    return new TimeStampToken(new CMSSignedData(trim(der)));
  }

  static String checkToken(TimeStampToken token, byte[] data) throws Exception {
    @SuppressWarnings("unchecked")
    Collection<X509CertificateHolder> matches = token.getCertificates().getMatches(token.getSID());
    if (matches.isEmpty()) return "its certificate is missing";
    X509CertificateHolder holder = matches.iterator().next();
    token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder));
    String name = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
    byte[] digest = java.security.MessageDigest.getInstance(name, "BC").digest(data);
    if (!Arrays.equals(digest, token.getTimeStampInfo().getMessageImprintDigest())) return "the imprint is of other data";
    return checkChain(holder, token.getCertificates());
  }

  static byte[] trim(byte[] padded) throws Exception {
    try (ASN1InputStream in = new ASN1InputStream(new ByteArrayInputStream(padded))) {
      ASN1Primitive first = in.readObject();
      return Arrays.copyOf(padded, padded.length - in.available() > 0 ? length(padded) : padded.length);
    }
  }

  static int length(byte[] der) {
    int first = der[1] & 0xff;
    if (first < 0x80) return first + 2;
    int count = first & 0x7f;
    int length = 0;
    for (int at = 0; at < count; at++) length = (length << 8) | (der[2 + at] & 0xff);
    return length + 2 + count;
  }
}
