package dev.atelier.algorithms.xgboost;

import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.objects.ClassDict;

/** Stands for Python's {@code xgboost.core.Booster} where one is read: its fields as they are. */
public final class PickledBooster implements IObjectConstructor {

  @Override
  public Object construct(Object[] arguments) {
    return new ClassDict("xgboost.core", "Booster");
  }

  /** What the first protocols of pickle call to make an object of a class with no more than a base. */
  public Object reconstruct(Object base, Object state) {
    return construct(new Object[0]);
  }
}
