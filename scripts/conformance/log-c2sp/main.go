// A second independent judge of the log, made of filippo.io/torchwood: C2SP tlog-tiles, tlog-checkpoint,
// tlog-cosignature, tlog-policy and tlog-proof by another hand than Go's checksum database and ours.
//
//	go run . FOLDER POLICY   reads checkpoint, tiles and entries below FOLDER and each FOLDER/proofs/*.tlog-proof
//
// Prints "accepted N/M" and each refusal; exit status 1 where anything was refused.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: FOLDER POLICY")
		os.Exit(2)
	}
	accepted, total := 0, 0
	judge := func(name string, err error) {
		total++
		if err == nil {
			accepted++
			return
		}
		fmt.Printf("refused %s: %v\n", name, err)
	}
	folder := os.Args[1]
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	policy, err := torchwood.ParsePolicy(text)
	judge("policy", err)
	if err == nil {
		judge("checkpoint and cosignatures", checkLog(folder, policy))
		proofs, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.tlog-proof"))
		for _, file := range proofs {
			judge(filepath.Base(file), checkProof(file, policy))
		}
	}
	fmt.Printf("accepted %d/%d\n", accepted, total)
	if accepted < total {
		os.Exit(1)
	}
}

// checkLog opens the checkpoint under the policy and reads every entry, each checked against the signed tree.
func checkLog(folder string, policy torchwood.Policy) error {
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	checkpoint, _, err := torchwood.VerifyCheckpoint(signed, policy)
	if err != nil {
		return err
	}
	tiles, err := torchwood.NewTileFS(os.DirFS(folder))
	if err != nil {
		return err
	}
	client, err := torchwood.NewClient(tiles)
	if err != nil {
		return err
	}
	entries := int64(0)
	for range client.AllEntries(context.Background(), checkpoint.Tree, 0) {
		entries++
	}
	if err := client.Err(); err != nil {
		return err
	}
	if entries != checkpoint.N {
		return fmt.Errorf("%d entries of %d", entries, checkpoint.N)
	}
	return nil
}

// checkProof takes the leaf from the opening in the proof's extra line, and checks the proof of exactly that leaf.
func checkProof(file string, policy torchwood.Policy) error {
	proof, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	extra, err := torchwood.ProofExtraData(proof)
	if err != nil {
		return err
	}
	var opening struct{ Leaf string }
	if err := json.Unmarshal(extra, &opening); err != nil {
		return err
	}
	leaf, err := base64.StdEncoding.DecodeString(opening.Leaf)
	if err != nil {
		return err
	}
	return torchwood.VerifyProof(policy, tlog.RecordHash(leaf), proof)
}
